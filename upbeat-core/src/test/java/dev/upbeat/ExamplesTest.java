package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.eval.Tasks;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in {@code examples/}, read as the commands read them. */
class ExamplesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES = ROOT.resolve("examples");

    private static List<Path> configurations(boolean grids) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> isGrid(file) == grids)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isGrid(Path file) {
        try {
            return Files.readString(file).lines().anyMatch(line -> line.startsWith("methods:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> trainings() throws IOException {
        return configurations(false);
    }

    private static List<Path> grids() throws IOException {
        return configurations(true);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void everyTrainingIsReadAndWhatItNamesIsThere(Path file) throws IOException {
        TrainConfig config = TrainConfig.read(file, List.of());
        assertThat(config.out()).isEqualTo(Path.of("runs", name(file)));
        if (config.model() != null && config.model().startsWith("models/")) {
            assertThat(ROOT.resolve(config.model()).resolve("config.json")).exists();
        }
        if (config instanceof GrpoConfig grpo && grpo.task().data() != null) {
            assertThat(ROOT.resolve(grpo.task().data())).exists();
        }
    }

    /** With it the training of every method. */
    @ParameterizedTest
    @MethodSource("grids")
    void everyGridIsRead(Path file) throws IOException {
        GridConfig config = GridConfig.read(file, List.of());
        assertThat(config.out()).isEqualTo(Path.of("runs", name(file)));
        assertThat(config.methods()).hasSizeGreaterThan(1);
    }

    @Test
    void noneIsOverlooked() throws IOException {
        assertThat(trainings()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(grids()).isNotEmpty();
    }

    @Test
    void rowsAndPromptsAreRead() throws IOException {
        assertThat(TaskRowFile.read(EXAMPLES.resolve("word-problems.jsonl"), 100))
                .hasSize(16);
        assertThat(TaskRowFile.readPrompts(EXAMPLES.resolve("prompts.jsonl"), 100))
                .hasSize(8);
    }

    /** Made by the command in models/countdown/README.md, whose puzzles are the task's own. */
    @Test
    void theBundledPromptsAreTheFirstHeldOutPuzzles() throws IOException {
        List<TaskRow> prompts = TaskRowFile.readPrompts(EXAMPLES.resolve("countdown-prompts.jsonl"));
        try (Upbeat model = Upbeat.load(ROOT.resolve("models/countdown").toString())) {
            List<Problem> puzzles = Tasks.of(TaskOptions.of("countdown"), model.tokenizer())
                    .test()
                    .subList(0, 16);
            assertThat(prompts).hasSameSizeAs(puzzles);
            PromptEncoder encoder = new PromptEncoder(model.tokenizer(), null, Map.of());
            for (int i = 0; i < puzzles.size(); i++) {
                assertThat(prompts.get(i).id()).isEqualTo(puzzles.get(i).id());
                assertThat(prompts.get(i).prompt().text())
                        .isEqualTo(puzzles.get(i).text());
                assertThat(model.encode(
                                Objects.requireNonNull(prompts.get(i).prompt().text())))
                        .as("as the task asks it")
                        .isEqualTo(encoder.encode("puzzle", puzzles.get(i).prompt()));
            }
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }
}
