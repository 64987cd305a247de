package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written and deleted in a run directory, and what is not. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows makes links for administrators alone, and no pipes")
class KnownEntriesTest {
    private static final Map<String, Object> CONFIG = Map.of("seed", 1);

    @TempDir
    private Path directory;

    private Path run;
    private Path outside;

    @BeforeEach
    void aRunOfThreeStepsWithACheckpointAfterTwo() throws IOException {
        run = directory.resolve("run");
        try (TrainingRun training = TrainingRun.begin(TrainingRun.reserve(run), CONFIG, Samples.provenance())) {
            for (long step = 0; step <= 3; step++) {
                training.metrics().append(Map.of("step", step));
                training.evaluations().append(Map.of("step", step));
            }
            training.heads(Samples.heads());
            training.checkpoints().write(2, checkpoint -> {
                AtomicFiles.writeString(checkpoint.resolve("model.safetensors"), "weights");
                Files.createDirectory(checkpoint.resolve("trainer"));
                AtomicFiles.writeString(checkpoint.resolve("trainer/state.json"), "{}");
            });
        }
        Files.createDirectory(run.resolve("traces"));
        for (int step = 1; step <= 3; step++) {
            Files.writeString(run.resolve("traces/step-00000" + step + ".parquet"), "traces");
        }
        Files.writeString(run.resolve("report.html"), "page");
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("step-000009.parquet"), "theirs");
        Files.writeString(outside.resolve("notes.txt"), "theirs");
        Files.writeString(outside.resolve("model.safetensors"), "theirs");
    }

    /** Path -> content of everything below; links are not followed. */
    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                contents.put(
                        directory.relativize(entry).toString(),
                        Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                                ? Files.readString(entry, StandardCharsets.ISO_8859_1)
                                : "");
            }
        }
        return contents;
    }

    private void resume() throws IOException {
        try (TrainingRun resumed = TrainingRun.resume(run, CONFIG, Map.of(), key -> false)) {
            resumed.cutBack(CONFIG);
            resumed.metrics().append(Map.of("step", 3L));
            resumed.evaluations().append(Map.of("step", 3L));
            resumed.checkpoints().write(3, checkpoint -> {
                AtomicFiles.writeString(checkpoint.resolve("model.safetensors"), "later");
            });
            resumed.checkpoints().keepOnly(Set.of(3L));
        }
    }

    private static void clear(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> inside = Files.list(entry)) {
                for (Path each : (Iterable<Path>) inside::iterator) {
                    clear(each);
                }
            }
        }
        Files.deleteIfExists(entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traces",
                "checkpoint-2",
                "checkpoint-2/trainer",
                "checkpoint-2/model.safetensors",
                "checkpoint-2/trainer/state.json",
                "traces/step-000001.parquet",
                "traces/step-000003.parquet",
                "metrics.jsonl",
                "eval.jsonl",
                "config.yaml",
                "provenance.json",
                "heads.json",
                "report.html",
                ".lock",
                "failed-step-000003.parquet",
                ".checkpoint-1.old"
            })
    void aLinkInARunIsRefusedAndNotFollowed(String name) throws IOException {
        Path entry = run.resolve(name);
        boolean directoryEntry = Files.isDirectory(entry) || name.endsWith(".old");
        Path target = outside;
        if (!directoryEntry) {
            target = outside.resolve("linked");
            Files.writeString(target, Files.exists(entry) ? Files.readString(entry) : "theirs");
        }
        clear(entry);
        Files.createSymbolicLink(entry, target);
        Map<String, String> before = contents(outside);
        Map<String, String> runBefore = contents(run);

        assertThatThrownBy(this::resume)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(entry.toString(), "symbolic link", "move it away");

        assertThat(contents(outside)).isEqualTo(before);
        assertThat(contents(run)).isEqualTo(runBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {".lock", "metrics.jsonl", "report.html"})
    void aDanglingLinkCreatesNoFileOutside(String name) throws IOException {
        Files.deleteIfExists(run.resolve(name));
        Files.createSymbolicLink(run.resolve(name), outside.resolve("new"));

        assertThatThrownBy(this::resume)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(run.resolve(name).toString(), "symbolic link");

        assertThat(outside.resolve("new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics.jsonl", "config.yaml", ".lock", "heads.json", "traces/step-000003.parquet"})
    void aPipeInARunIsRefusedAtOnce(String name) throws Exception {
        Files.deleteIfExists(run.resolve(name));
        assertThat(new ProcessBuilder("mkfifo", run.resolve(name).toString())
                        .start()
                        .waitFor())
                .isZero();
        if (name.equals("config.yaml")) {
            assertThat(TrainingRun.isBegun(run)).isFalse();
            return;
        }
        assertThatThrownBy(this::resume)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(run.resolve(name).toString(), "pipe");
    }

    @Test
    void filesOfTheUserSurviveCleaning() throws IOException {
        for (String name : new String[] {
            "notes.txt", "traces/notes.txt", "traces/step-2.csv", ".notes.tmp", "traces/.mine.old", "failed-step-3.txt"
        }) {
            Files.writeString(run.resolve(name), "mine");
        }
        Files.createSymbolicLink(run.resolve("traces/mine"), outside);

        resume();

        assertThat(run.resolve("traces/mine")).isSymbolicLink();
        Map<String, String> after = contents(run);
        assertThat(after)
                .containsEntry("notes.txt", "mine")
                .containsEntry("traces/notes.txt", "mine")
                .containsEntry("traces/step-2.csv", "mine")
                .containsEntry(".notes.tmp", "mine")
                .containsEntry("traces/.mine.old", "mine")
                .containsEntry("failed-step-3.txt", "mine")
                .containsKeys("traces/step-000002.parquet", "checkpoint-3/model.safetensors")
                .doesNotContainKeys("traces/step-000003.parquet", "checkpoint-2");
        assertThat(contents(outside)).hasSize(4).doesNotContainValue("later");
    }

    @Test
    void aCheckpointWithAUsersFileIsKeptWhole() throws IOException {
        Files.writeString(run.resolve("checkpoint-2/notes.txt"), "mine");

        resume();

        assertThat(contents(run.resolve("checkpoint-2")))
                .containsEntry("notes.txt", "mine")
                .containsEntry("model.safetensors", "weights");
    }

    @Test
    void leftoversOfAWriterAreDeleted() throws IOException {
        for (String name : new String[] {
            ".metrics.jsonl.4711.tmp",
            ".report.html.4711-1f.tmp",
            "traces/.step-000003.parquet.0",
            "traces/.step-000003.parquet.4711-1f.tmp",
            ".checkpoint-3.lock",
            ".report.html.lock",
            "failed-step-000003.jsonl"
        }) {
            Files.writeString(run.resolve(name), "half");
        }
        Files.writeString(
                Files.createDirectory(run.resolve(".checkpoint-3.4711-1f.tmp")).resolve("model.safetensors"), "half");

        resume();

        assertThat(contents(run)).doesNotContainValue("half").doesNotContainKey(".checkpoint-3.4711-1f.tmp");
    }

    @Test
    void aHardLinkIsAFileLikeAnyOther() throws IOException {
        Files.createLink(outside.resolve("metrics.jsonl"), run.resolve("metrics.jsonl"));
        resume();
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(4);
    }

    @Test
    void aLinkToARunDirectoryIsResolved() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), run);
        run = link;
        resume();
        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllLines(directory.resolve("run/metrics.jsonl"))).hasSize(4);
    }

    private void replace(Path target) throws IOException {
        try (RunWriter writer = RunWriter.create(target, true)) {
            writer.config(Samples.config());
            writer.provenance(Samples.provenance());
            writer.heads(Samples.heads());
            RunRow row = Samples.row("a", 3, new Random(1));
            writer.add(row.trace(), row.promptTokens(), row.seen());
            writer.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"traces/notes.txt", "checkpoint-2/notes.txt", "checkpoint-2/trainer/log/a.txt"})
    void replacingADirectoryWithFilesOfTheUserIsRefused(String name) throws IOException {
        Files.createDirectories(run.resolve(name).getParent());
        Files.writeString(run.resolve(name), "mine");
        Map<String, String> before = contents(run);

        assertThatThrownBy(() -> replace(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(run.toString(), name.replaceFirst("/[^/]*txt", ""), "move it away");

        assertThat(contents(run)).isEqualTo(before);
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".lock"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"traces", "checkpoint-2", "report.html", "config.yaml", "metrics.jsonl"})
    void aReplacementOfARunWithALinkIsRefused(String name) throws IOException {
        clear(run.resolve(name));
        Files.createSymbolicLink(run.resolve(name), outside);
        Map<String, String> before = contents(outside);

        assertThatThrownBy(() -> replace(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(run.resolve(name).toString(), "symbolic link");

        assertThat(contents(outside)).isEqualTo(before);
    }

    @Test
    void onlyRunDirectoriesAreReplaced() throws IOException {
        Path project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(project.resolve("config.yaml"), "mine");

        assertThatThrownBy(() -> replace(project))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("config.yaml", "no provenance.json");

        assertThat(project.resolve("config.yaml")).hasContent("mine");
    }

    @Test
    void aReplacementDeletesTheRunAndNothingElse() throws IOException {
        Files.writeString(run.resolve("notes.txt"), "mine");
        replace(run);
        assertThat(contents(run))
                .containsOnlyKeys("", "config.yaml", "heads.json", "notes.txt", "provenance.json", "traces.parquet");
        assertThat(contents(directory)).doesNotContainKey(".run.lock");
    }

    @Test
    void aRunThatIsTrainedInIsNotReplaced() throws IOException {
        try (TrainingRun held = TrainingRun.resume(run, CONFIG, Map.of(), key -> false)) {
            assertThat(held.path()).isEqualTo(run);
            assertThatThrownBy(() -> replace(run))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("another process is training in it");
        }
    }

    @Test
    void aBrokenLinkAsAPlaceIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("none"));
        assertThatThrownBy(() -> replace(link))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("link", "none", "does not exist");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aFileIsNotWrittenOverOrThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("page.html"), outside.resolve("notes.txt"));
        assertThatThrownBy(() -> AtomicFiles.writeString(link, "new"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("page.html", "symbolic link");
        assertThat(outside.resolve("notes.txt")).hasContent("theirs");
        assertThat(link).isSymbolicLink();
    }
}
