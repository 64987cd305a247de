package dev.upbeat.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkConfigTest {
    private static final String GRPO = """
            kind: grpo
            model: models/countdown
            task: {name: countdown, numbers: 4}
            learn: {steps: 300, learning_rate: 1e-4}
            """;

    @TempDir
    private Path directory;

    private GrpoConfig read(String yaml, String... overrides) throws IOException {
        return (GrpoConfig)
                TrainConfig.read(Files.writeString(directory.resolve("mine.yaml"), yaml), List.of(overrides));
    }

    @Test
    void aBenchmarkHasTheDefaultsOfTheSection() throws IOException {
        Path rows = Files.createFile(directory.resolve("rows.jsonl"));
        GrpoConfig config = read(GRPO + """
                eval:
                  every: 10
                  samples: 4
                  tasks:
                  - {name: aime24, data: rows.jsonl, samples: 16, every: 30}
                  - {name: mine, task: math, data: nope.jsonl, prompt: boxed}
                  - {name: own, data: held-out}
                """);
        List<BenchmarkConfig> tasks = config.eval().tasks();
        assertThat(tasks).extracting(BenchmarkConfig::name).containsExactly("aime24", "mine", "own");
        assertThat(tasks).extracting(BenchmarkConfig::samples).containsExactly(16, 4, 4);
        assertThat(tasks).extracting(BenchmarkConfig::every).containsExactly(30, 10, 10);
        assertThat(tasks).extracting(task -> task.options().name()).containsExactly("aime24", "math", "countdown");
        assertThat(tasks.get(2).options().puzzles().numbers()).isEqualTo(4);
        assertThat(config.data())
                .isEqualTo(Map.of("eval.tasks[0].data", rows, "eval.tasks[1].data", Path.of("nope.jsonl")));
        Path resolved = directory.resolve("resolved.yaml");
        new YAMLMapper().writeValue(resolved.toFile(), config.resolved());
        assertThat(TrainConfig.read(resolved, List.of()).resolved())
                .hasToString(config.resolved().toString());
        assertThatThrownBy(config::dataFiles)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("nope.jsonl: no such file (looked in " + directory, "eval.tasks[1].data");
    }

    /** An entry of eval.tasks, then two pieces that the one message must have. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                                                  | eval.tasks is 7                  | a list of benchmarks
            {name: math}                                       | eval.tasks is {                  | a list of benchmarks
            [math]                                             | eval.tasks is ["math"]           | a list of benchmarks
            [{data: f}]                                        | eval.tasks[0].name is missing    | such as aime24
            [{name: a/b, data: f}]                             | eval.tasks[0].name is "a/b"      | letters, digits
            [{name: math}]                                     | eval.tasks[0].data is missing    | held-out
            [{name: chess, data: f}]                           | eval.tasks[0].name is "chess"    | with a task: {name: mine, task: math
            [{name: a, task: chess, data: f}]                  | eval.tasks[0].task is "chess"    | aime24
            [{name: a, task: class, data: f}]                  | eval.tasks[0].task is "class"    | task.name: class
            [{name: math, data: f}, {name: math, data: g}]     | eval.tasks[1].name is "math"     | a different name
            [{name: math, data: f, samples: 0}]                | eval.tasks[0].samples is 0       | from 1
            [{name: math, data: f, every: 0}]                  | eval.tasks[0].every is 0         | at least 1
            [{name: math, data: f, sample: 2}]                 | no key eval.tasks[0].sample;     | eval.tasks[0].samples
            [{name: a, task: math, data: held-out}]            | eval.tasks[0].task is "math"     | countdown, the task of the training
            [{name: a, data: held-out, prompt: boxed}]         | eval.tasks[0].prompt is "boxed"  | task.prompt
            [{name: math, data: f, prompt: Solve}]             | mine.yaml, with eval.tasks       | {question}
            """)
    void aWrongBenchmarkIsRefusedWithItsKey(String tasks, String given, String expected) {
        assertThatThrownBy(() -> read(GRPO, "eval.tasks=" + tasks))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(given, expected)
                .hasMessageNotContaining("Exception");
    }

    @Test
    void benchmarksNeedEvaluations() {
        assertThatThrownBy(() -> read(GRPO, "eval.tasks=[{name: math, data: f}]", "eval.every=0"))
                .hasMessageContainingAll("eval.every is 0", "eval.tasks=[]");
        assertThatThrownBy(() -> read(GRPO, "eval.tasks=[{name: aime24, data: f, samples: 2}]", "eval.temperature=0"))
                .hasMessageContainingAll("eval.tasks[0].samples is 2", "greedy");
    }

    @Test
    void withoutBenchmarksTheListIsEmpty() throws IOException {
        assertThat(read(GRPO).eval().tasks()).isEmpty();
        assertThat(read(GRPO).usual()).containsEntry("eval.tasks", List.of());
    }
}
