package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.eval.Accuracy;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.testing.OneThread;
import dev.upbeat.trace.Score;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trainings with several benchmarks. */
@ExtendWith(OneThread.class)
class BenchmarkTrainingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static Path run;

    /** Right are the answers of even length; shorter ones have more reward. */
    @NullMarked
    public static final class Evenness implements Task {
        @Override
        public String name() {
            return "evenness";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem(row.id(), row.messages(), row.text(), row.requiredAnswer());
        }

        @Override
        public Score verify(Problem problem, String response) {
            double right = response.length() % 2 == 0 ? 1 : 0;
            return new Score(1.0 / (1 + response.length()), Map.of(Score.CORRECT, right), response, "counted");
        }
    }

    @BeforeAll
    static void train() throws IOException {
        TinyRuns.model(directory);
        rows("rows.jsonl", 0, 8);
        rows("easy.jsonl", 10, 7);
        rows("hard.jsonl", 20, 4);
        TrainConfig config = config("whole", BENCHMARKS);
        TinyRuns.train(config);
        run = config.out();
    }

    private static final String BENCHMARKS = "[{name: easy, task: class, data: easy.jsonl, samples: 3},"
            + " {name: hard, task: class, data: hard.jsonl, every: 2}, {name: own, data: held-out, every: 5}]";

    private static void rows(String file, int from, int count) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add("{\"id\": \"r" + i + "\", \"prompt\": \"" + (from + i + 1)
                    + " 44 37 > 75\\n\", \"answer\": \"7\"}");
        }
        Files.write(directory.resolve(file), rows);
    }

    private static TrainConfig config(String out, String benchmarks, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.addAll(List.of(
                "out=" + directory.resolve(out),
                "eval.tasks=" + benchmarks.replaceAll("(\\w+)\\.jsonl", directory + "/$1.jsonl"),
                "task.name=class",
                "task.class=" + Evenness.class.getName(),
                "task.data=" + directory.resolve("rows.jsonl"),
                "task.test=3",
                "task.format_reward=0",
                "task.length_penalty=0"));
        return TinyRuns.grpo(directory, all.toArray(String[]::new));
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** Right answers to each problem, by step and benchmark, counted in eval.jsonl by their lengths. */
    private static Map<String, List<Integer>> right(Path run) throws IOException {
        Map<String, List<Integer>> right = new LinkedHashMap<>();
        for (JsonNode row : lines(run.resolve("eval.jsonl"))) {
            int count = 0;
            for (JsonNode response : row.get("responses")) {
                count += response.textValue().length() % 2 == 0 ? 1 : 0;
            }
            right.computeIfAbsent(row.get("step") + row.path("benchmark").asText(), key -> new ArrayList<>())
                    .add(count);
        }
        return right;
    }

    private static Accuracy accuracy(Map<String, List<Integer>> right, String key, int samples) {
        return Accuracy.of(
                right.getOrDefault(key, List.of()).stream().mapToInt(i -> i).toArray(), samples, 0);
    }

    @Test
    void theMetricsAreThoseOfTheRowsAndTheirPlainAverage() throws IOException {
        Map<String, List<Integer>> right = right(run);
        assertThat(right.keySet())
                .containsExactly("0easy", "0hard", "0own", "2hard", "3easy", "4hard", "5own", "6easy", "6hard", "6own");
        assertThat(right.get("0easy")).hasSize(7);
        assertThat(right.get("0own")).hasSize(3);
        for (JsonNode line : lines(run.resolve("metrics.jsonl"))) {
            double sum = 0;
            double below = 0;
            int due = 0;
            for (String name : List.of("easy", "hard", "own")) {
                String key = line.get("step") + name;
                String metric = "eval/" + name + "/accuracy";
                assertThat(line.has(metric)).as(key).isEqualTo(right.containsKey(key));
                if (line.has(metric)) {
                    Accuracy expected = accuracy(right, key, name.equals("easy") ? 3 : 1);
                    assertThat(line.get(metric).doubleValue()).isEqualTo(expected.mean());
                    assertThat(line.get(metric + "_low").doubleValue())
                            .isEqualTo(expected.interval().low());
                    assertThat(line.get(metric + "_high").doubleValue())
                            .isEqualTo(expected.interval().high());
                    sum += expected.mean();
                    below += Math.pow(expected.mean() - expected.interval().low(), 2);
                    due++;
                }
            }
            assertThat(line.has("eval/accuracy")).isEqualTo(due == 3);
            if (due == 3) {
                assertThat(line.get("eval/accuracy").doubleValue()).isCloseTo(sum / 3, within(1e-12));
                assertThat(line.get("eval/accuracy_low").doubleValue())
                        .isCloseTo((sum - Math.sqrt(below)) / 3, within(1e-12));
            }
        }
    }

    @Test
    void theBestCheckpointIsThatOfTheBestAverage() throws IOException {
        Path best = config("best", BENCHMARKS.replaceAll(", every: \\d", ""), "eval.every=1", "checkpoint.every=6")
                .out();
        TinyRuns.train(config("best", BENCHMARKS.replaceAll(", every: \\d", ""), "eval.every=1", "checkpoint.every=6"));
        long step = 0;
        double highest = -1;
        for (JsonNode line : lines(best.resolve("metrics.jsonl"))) {
            if (line.get("eval/accuracy").doubleValue() > highest) {
                highest = line.get("eval/accuracy").doubleValue();
                step = line.get("step").longValue();
            }
        }
        List<String> kept = TinyRuns.names(best).stream()
                .filter(name -> name.matches("checkpoint-\\d+"))
                .toList();
        assertThat(kept).contains("checkpoint-6").hasSize(step == 0 || step == 6 ? 1 : 2);
        assertThat(step == 0 || kept.contains("checkpoint-" + step))
                .as("step " + step)
                .isTrue();
    }

    @Test
    void aTrainingThatPausedHasTheSameAccuracies() throws IOException {
        TrainConfig config = config("paused", BENCHMARKS);
        TinyRuns.trainTo(config, 3);
        TinyRuns.train(config, true, () -> false);
        assertThat(TinyRuns.metrics(config.out())).hasSize(7).isEqualTo(TinyRuns.metrics(run));
        assertThat(config.out().resolve("eval.jsonl")).hasSameTextualContentAs(run.resolve("eval.jsonl"));
        assertThatThrownBy(() -> TinyRuns.train(config("paused", "[]"), true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("the run was started with eval.tasks [{");
    }

    @Test
    void heldOutProblemsAsTheOnlyBenchmarkHaveTheirUsualAccuracy() throws IOException {
        TrainConfig usual = config("usual", "[]");
        TinyRuns.train(usual);
        TrainConfig listed = config("listed", "[{name: own, data: held-out}]");
        TinyRuns.train(listed);
        for (int i = 0; i < 7; i += 3) {
            JsonNode line = TinyRuns.line(listed.out(), i);
            assertThat(line.get("eval/accuracy"))
                    .isEqualTo(line.get("eval/own/accuracy"))
                    .isEqualTo(TinyRuns.line(usual.out(), i).get("eval/accuracy"));
        }
        assertThat(usual.out().resolve("eval.jsonl")).content().doesNotContain("benchmark");
        assertThat(usual.out().resolve("metrics.jsonl")).content().doesNotContain("_low");
    }

    @Test
    void unusableBenchmarksAreReportedBeforeTheFirstStep() throws IOException {
        assertRefused("none.jsonl: no such file", "{name: math, data: none.jsonl}");
        rows("known.jsonl", 2, 1);
        assertRefused("known.jsonl: row r0 asks the same as row r2 of", "{name: k, task: class, data: known.jsonl}");
        Files.writeString(directory.resolve("blank.jsonl"), "{\"prompt\": \"6 44 37 > 75\\n\"}\n");
        assertRefused("blank.jsonl, line 1: ", "{name: math, data: blank.jsonl}");
        Files.writeString(directory.resolve("foreign.jsonl"), "{\"prompt\": \"Hello\", \"answer\": \"7\"}\n");
        assertRefused("foreign.jsonl, line 1: problem row-1: ", "{name: gsm8k, data: foreign.jsonl}");
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    private static void assertRefused(String message, String benchmark) {
        assertThatThrownBy(() -> TinyRuns.train(config("refused", "[" + benchmark + "]")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aDryRunListsTheBenchmarks() throws IOException {
        assertThat(DryRun.of(config("dry", BENCHMARKS), false, TinyRuns.SILENT).lines())
                .contains("benchmark easy: 7 problems, 3 answers to each, every 3 steps");
    }
}
