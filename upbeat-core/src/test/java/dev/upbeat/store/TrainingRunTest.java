package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingRunTest {
    @TempDir
    private Path directory;

    private TrainingRun begin() throws IOException {
        Provenance provenance = Provenance.ofThisMachine(
                FileHash.ofText("model", "x"), null, Map.of("seed", 1), 1, "2.10.0", 1, "products f32", List.of());
        return TrainingRun.begin(TrainingRun.reserve(directory.resolve("run")), Map.of("seed", 1), provenance);
    }

    private static CheckpointFiles.Filler file(String text) {
        return checkpoint -> AtomicFiles.writeString(checkpoint.resolve("model.safetensors"), text);
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRunAppearsWithConfigurationAndProvenance() throws IOException {
        try (TrainingRun run = begin()) {
            assertThat(names(run.path())).containsExactly(".lock", "config.yaml", "provenance.json");
            assertThat(names(directory)).containsExactly("run");
        }
    }

    @Test
    void hiddenDirectoriesOfKilledProcessesAreDeleted() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path leftover = Files.createDirectory(directory.resolve(".other.%d-1f.tmp".formatted(ended.pid())));
        AtomicFiles.writeString(leftover.resolve("traces.parquet"), "half");
        Path running = Files.createDirectory(directory.resolve(
                ".more.%d-2a.tmp".formatted(ProcessHandle.current().pid())));
        Path own = Files.createDirectory(directory.resolve(".mine.tmp"));
        Path file = Files.createFile(directory.resolve(".file.%d-1f.tmp".formatted(ended.pid())));
        try (TrainingRun run = begin()) {
            assertThat(leftover).doesNotExist();
            assertThat(List.of(running, own, file))
                    .allSatisfy(kept -> assertThat(kept).exists());
            assertThat(names(directory)).contains("run").noneMatch(name -> name.endsWith(".lock"));
        }
    }

    @Test
    void aCheckpointThatCannotBeWrittenLeavesThePreviousOne() throws IOException {
        try (TrainingRun run = begin()) {
            run.checkpoints().write(1, file("first"));
            assertThatThrownBy(() -> run.checkpoints().write(2, checkpoint -> {
                        file("half").fill(checkpoint);
                        throw AtomicFiles.naming(
                                checkpoint.resolve("model.safetensors"), new IOException("No space left on device"));
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("model.safetensors", "No space left on device");
            assertThat(run.checkpoints().steps()).containsExactly(1L);
            assertThat(run.path().resolve("checkpoint-1/model.safetensors")).hasContent("first");
            assertThat(names(run.path())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a device that is always full")
    void aFullDiskIsReportedWithTheFile() throws IOException {
        try (MetricsFile metrics = new MetricsFile(Path.of("/dev/full"), true)) {
            assertThatThrownBy(() -> metrics.append(Map.of("step", 1L)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("cannot write", "/dev/full", "No space left on device");
        }
    }

    @Test
    void checkpointsThatShallNotStayAreDeleted() throws IOException {
        try (TrainingRun run = begin()) {
            for (long step = 1; step <= 4; step++) {
                run.checkpoints().write(step * 10, file("" + step));
            }
            run.checkpoints().keepOnly(Set.of(20L, 40L));
            assertThat(run.checkpoints().steps()).containsExactly(20L, 40L);
            assertThat(run.checkpoints().latest()).contains(40L);
        }
    }

    @Test
    void resumingCutsBackToTheLastCheckpoint() throws IOException {
        Path path;
        try (TrainingRun run = begin()) {
            path = run.path();
            for (long step = 0; step <= 3; step++) {
                run.metrics().append(Map.of("step", step));
            }
            run.checkpoints().write(2, file("second"));
        }
        Files.writeString(path.resolve("metrics.jsonl"), Files.readString(path.resolve("metrics.jsonl")) + "{\"st");
        Files.createDirectory(path.resolve(".checkpoint-1.old"));
        Files.writeString(path.resolve(".checkpoint-1.old/model.safetensors"), "x");
        try (TrainingRun run = TrainingRun.resume(path, Map.of("seed", 1), Map.of(), key -> false)) {
            run.cutBack(Map.of("seed", 1));
            assertThat(path.resolve("metrics.jsonl")).hasContent("{\"step\":0}\n{\"step\":1}\n{\"step\":2}\n");
            assertThat(names(path)).doesNotContain(".checkpoint-1.old");
            assertThat(run.metrics().read()).hasSize(3);
        }
    }

    /** A run with steps 0 to 4 in both files and a checkpoint after step 2. */
    private Path withLines() throws IOException {
        try (TrainingRun run = begin()) {
            for (long step = 0; step <= 4; step++) {
                run.metrics().append(Map.of("step", step));
                run.evaluations().append(Map.of("step", step));
            }
            run.checkpoints().write(2, file("second"));
            return run.path();
        }
    }

    private static void setLine(Path file, int number, String line) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(number - 1, line);
        Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            metrics.jsonl | {"step":1,"lo    | line 2: damaged, it is not a JSON object with a step
            metrics.jsonl | null             | line 2: damaged, it is not a JSON object with a step
            metrics.jsonl | {"loss":1.5}     | line 2: damaged, it is not a JSON object with a step
            metrics.jsonl | {"step":1}{"a":2}| line 2: damaged, it is not a JSON object with a step
            metrics.jsonl | {"step":0}       | line 2: damaged, step 0 does not follow step 0
            metrics.jsonl | {"step":2}       | line 2: damaged, step 2 does not follow step 0
            metrics.jsonl | {"step":3}       | has no line of step 2
            metrics.jsonl | {"a":"ÿ"}   | line 2: damaged
            eval.jsonl    | {"step":1,"id    | line 2: damaged, it is not a JSON object with a step
            """)
    void aDamagedLineBeforeTheCheckpointIsRefused(String name, String line, String refusal) throws IOException {
        Path run = withLines();
        setLine(run.resolve(name), 2, line);
        byte[] before = Files.readAllBytes(run.resolve(name));
        assertThatThrownBy(() -> TrainingRun.resume(run, Map.of("seed", 1), Map.of(), key -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(name, refusal, "restore", "copy");
        assertThat(run.resolve(name)).hasBinaryContent(before);
    }

    @Test
    void aDamagedLineAfterTheCheckpointIsCutOff() throws IOException {
        Path run = withLines();
        setLine(run.resolve("metrics.jsonl"), 4, "{\"st");
        setLine(run.resolve("eval.jsonl"), 5, "{\"st");
        try (TrainingRun resumed = TrainingRun.resume(run, Map.of("seed", 1), Map.of(), key -> false)) {
            resumed.cutBack(Map.of("seed", 1));
        }
        String kept = "{\"step\":0}\n{\"step\":1}\n{\"step\":2}\n";
        assertThat(run.resolve("metrics.jsonl")).hasContent(kept);
        assertThat(run.resolve("eval.jsonl")).hasContent(kept);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            config.yaml     | a: [    | it is damaged
            config.yaml     | ``      | is empty
            provenance.json | {"x     | it is damaged
            provenance.json | null    | is empty
            provenance.json | {}      | model is missing
            """)
    void aDamagedFileOfARunIsRefusedByName(String name, String text, String refusal) throws IOException {
        Path run = withLines();
        Files.writeString(run.resolve(name), text);
        assertThatThrownBy(() -> TrainingRun.resume(run, Map.of("seed", 1), Map.of(), key -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(name, refusal)
                .hasMessageNotContainingAny("Source:", "fasterxml", "`");
    }

    @Test
    void aRunWithoutProvenanceIsNotResumed() throws IOException {
        Path run = withLines();
        Files.delete(run.resolve("provenance.json"));
        assertThatThrownBy(() -> TrainingRun.resume(run, Map.of("seed", 1), Map.of(), key -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no provenance.json");
    }

    @Test
    void aKeyThatDiffersIsRefusedUnlessItMay() throws IOException {
        begin().close();
        Path run = directory.resolve("run");
        assertThatThrownBy(() -> TrainingRun.resume(run, Map.of("seed", 2), Map.of(), key -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("seed 1", "now it is 2");
        TrainingRun.resume(run, Map.of("seed", 2), Map.of(), key -> key.equals("seed"))
                .close();
    }

    @Test
    void aPlaceWithSomethingInItIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("run"));
        Files.writeString(directory.resolve("run/notes"), "mine");
        assertThatThrownBy(this::begin).isInstanceOf(BadInputException.class).hasMessageContaining("is not empty");
        assertThat(directory.resolve("run/notes")).hasContent("mine");
    }

    @Test
    void aRunWithoutItsConfigurationIsNamed() throws IOException {
        try (TrainingRun run = begin()) {
            run.metrics().append(Map.of("step", 1L));
        }
        Files.delete(directory.resolve("run/config.yaml"));
        assertThatThrownBy(this::begin)
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("the run in it has lost its config.yaml: put that file back to resume it");
    }

    @Test
    void aKeyThatTheRunDidNotKnowYetCountsAsItsDefault() throws IOException {
        begin().close();
        Path run = directory.resolve("run");
        Map<String, Object> usual = Map.of("ties", "earlier");
        TrainingRun.requireSame(run, Map.of("seed", 1, "ties", "earlier"), usual, key -> false);
        assertThatThrownBy(() -> TrainingRun.requireSame(run, Map.of("seed", 1, "ties", "later"), usual, key -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("ties earlier, now it is later");
        assertThatThrownBy(() -> TrainingRun.requireSame(run, Map.of("seed", 1, "new", 2), usual, key -> false))
                .hasMessageContaining("new not there, now it is 2");
    }

    @Test
    void aNumberThatIsNoneBecomesNull() throws IOException {
        try (TrainingRun run = begin()) {
            run.metrics().append(Map.of("step", 1L, "entropy", Double.NaN));
            assertThat(run.metrics().read().get(0).path("entropy").isNull()).isTrue();
        }
    }
}
