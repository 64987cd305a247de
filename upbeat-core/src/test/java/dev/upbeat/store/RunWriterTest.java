package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWriterTest {
    private static final RunRow ROW = Samples.row("a", 10, new Random(1));

    @TempDir
    private Path directory;

    @Test
    void nothingIsAtTheTargetBeforeTheRunIsFinished() throws IOException {
        Path target = directory.resolve("run");
        try (RunWriter run = RunWriter.create(target, false)) {
            fill(run);
            assertThat(target).doesNotExist();

            RunDirectory sealed = run.seal();
            Files.writeString(sealed.path().resolve("report.html"), "<html>");
            assertThat(target).doesNotExist();

            assertThat(run.finish()).isEqualTo(target);
        }
        assertThat(names(directory)).containsExactly("run");
        assertThat(names(target))
                .containsExactly("config.yaml", "heads.json", "provenance.json", "report.html", "traces.parquet");
    }

    @Test
    void aFailedRunLeavesNothing() throws IOException {
        Path target = directory.resolve("runs/today/run");
        try (RunWriter run = RunWriter.create(target, false)) {
            fill(run);
            assertThat(names(directory)).containsExactly("runs");
        }
        assertThat(names(directory)).isEmpty();

        try (RunWriter run = RunWriter.create(target, false)) {
            fill(run);
            run.seal();
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void parentsThatSomebodyElseUsesMeanwhileAreKept() throws IOException {
        try (RunWriter run = RunWriter.create(directory.resolve("runs/a"), false)) {
            fill(run);
            Files.createFile(directory.resolve("runs/b"));
        }
        assertThat(names(directory.resolve("runs"))).containsExactly("b");
    }

    @Test
    void aFullDirectoryIsRefusedAtOnce() throws IOException {
        Path target = Files.createDirectory(directory.resolve("run"));
        Files.writeString(target.resolve("precious"), "yes");

        assertThatThrownBy(() -> RunWriter.create(target, false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("run: is not empty")
                .hasMessageContaining("--force");
        assertThat(names(directory)).containsExactly("run");
        assertThat(target.resolve("precious")).hasContent("yes");
    }

    @Test
    void anEmptyDirectoryIsFilled() throws IOException {
        Path target = Files.createDirectory(directory.resolve("run"));

        Samples.write(target, List.of(ROW));

        assertThat(names(target)).contains("traces.parquet");
        assertThat(names(directory)).containsExactly("run");
    }

    @Test
    void forceReplacesARunWhenTheNewOneIsComplete() throws IOException {
        Path target = Samples.write(directory.resolve("run"), List.of(ROW));
        Files.writeString(target.resolve("report.html"), "old");
        Files.createDirectories(target.resolve("checkpoint-10/trainer"));

        try (RunWriter run = RunWriter.create(target, true)) {
            fill(run);
        }
        assertThat(target.resolve("report.html")).hasContent("old");

        try (RunWriter run = RunWriter.create(target, true)) {
            fill(run);
            run.finish();
        }
        assertThat(names(target)).containsExactly("config.yaml", "heads.json", "provenance.json", "traces.parquet");
        assertThat(names(directory)).containsExactly("run");
    }

    @Test
    void forceKeepsFilesThatNoRunWrites() throws IOException {
        Path target = Files.createDirectory(directory.resolve("run"));
        Files.writeString(target.resolve("notes.txt"), "mine");
        Files.writeString(Files.createDirectory(target.resolve("plots")).resolve("a.svg"), "mine too");

        try (RunWriter run = RunWriter.create(target, true)) {
            fill(run);
            run.finish();
        }

        assertThat(target.resolve("notes.txt")).hasContent("mine");
        assertThat(target.resolve("plots/a.svg")).hasContent("mine too");
        assertThat(target.resolve("traces.parquet")).exists();
    }

    @Test
    void aTargetThatIsFilledMeanwhileIsNotOverwritten() throws IOException {
        Path target = directory.resolve("run");
        try (RunWriter run = RunWriter.create(target, false)) {
            fill(run);
            Files.writeString(Files.createDirectory(target).resolve("theirs"), "mine");

            assertThatThrownBy(run::finish)
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("run: is not empty", "another directory");
        }
        assertThat(target.resolve("theirs")).hasContent("mine");
        assertThat(names(directory)).containsExactly("run");
    }

    @Test
    void aFileInTheWayIsRefusedEvenWithForce() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "yes");

        assertThatThrownBy(() -> RunWriter.create(file, true))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> RunWriter.create(file.resolve("run"), true))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("cannot be created");
        assertThat(file).hasContent("yes");
        assertThat(names(directory)).containsExactly("file");
    }

    @Test
    void aLinkToADirectoryStaysALink() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);

        Samples.write(link, List.of(ROW));

        assertThat(link).isSymbolicLink();
        assertThat(names(real)).contains("traces.parquet");
    }

    @Test
    void aRunThatLacksAPieceIsNotSealed() throws IOException {
        try (RunWriter run = RunWriter.create(directory.resolve("run"), false)) {
            assertThatThrownBy(run::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("at least one trace");
            run.add(ROW.trace(), null, ROW.seen());
            assertThatThrownBy(run::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no heads.json");
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void tracesThatDoNotFitAreRefused() throws IOException {
        try (RunWriter run = RunWriter.create(directory.resolve("run"), false)) {
            fill(run);
            assertThatThrownBy(() -> run.add(ROW.trace(), null, ROW.seen())).hasMessageContaining("added before");
            Trace other = Samples.row("b", 3, new Random(1)).trace();
            assertThatThrownBy(() -> run.add(other, null, ROW.seen()))
                    .hasMessageContaining("10 values seen of 3 response tokens");
            Observation seen = Samples.seen(3, new Random(1), null, null);
            assertThatThrownBy(() -> run.add(other, List.of(), seen))
                    .hasMessageContaining("0 token texts for 3 prompt ids");
            run.seal();
            assertThatThrownBy(() -> run.add(other, null, seen)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void fill(RunWriter run) throws IOException {
        run.config(Samples.config());
        run.provenance(Samples.provenance());
        run.heads(Samples.heads());
        run.add(ROW.trace(), ROW.promptTokens(), ROW.seen());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
