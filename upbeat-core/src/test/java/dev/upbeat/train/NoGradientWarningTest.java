package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Steps whose groups all have equal rewards: the warning, and the traces that are written all the same. */
@ExtendWith(OneThread.class)
class NoGradientWarningTest {
    @TempDir
    private static Path shared;

    @BeforeAll
    static void makeAModel() throws IOException {
        TinyRuns.model(shared);
    }

    private static Map<String, Double> line(double flatShare, double clippedShare) {
        return Map.of("frac_reward_zero_std", flatShare, "completions/clipped_ratio", clippedShare);
    }

    /** No response is right after six steps of training, so that every reward is 0. */
    private static TrainConfig flat(String name, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.addAll(List.of(
                "out=" + shared.resolve(name), "task.format_reward=0", "task.length_penalty=0", "eval.every=0"));
        return TinyRuns.grpo(shared, all.toArray(String[]::new));
    }

    private static List<RunRow> rows(Path run) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(rows::add);
        return rows;
    }

    @Test
    void theFirstFlatStepIsReportedAndThenAtMostEveryTwentyFive() {
        Warnings warnings = new Warnings();
        NoGradientWarning flat = new NoGradientWarning(warnings);
        flat.step(1, line(0.75, 0));
        assertThat(warnings.texts).isEmpty();
        for (int step = 2; step <= 60; step++) {
            flat.step(step, line(step % 2 == 0 ? 1 : 0.5, 0));
        }
        assertThat(warnings.texts).hasSize(3);
        assertThat(warnings.texts.get(0))
                .startsWith("step 2: all groups have equal rewards (frac_reward_zero_std 1), which gives no gradient.")
                .contains("rollout.group", "easier problems", "rollout.temperature", "docs/metrics.md")
                .doesNotContain("max_new_tokens");
        assertThat(warnings.texts.get(1)).startsWith("13 of the last 26 steps, up to step 28: all groups had equal");
        assertThat(warnings.texts.get(2)).startsWith("13 of the last 26 steps, up to step 54: all groups had equal");
    }

    @Test
    void manyResponsesThatWereCutOffAreNamed() {
        Warnings warnings = new Warnings();
        new NoGradientWarning(warnings).step(1, line(1, 0.875));
        assertThat(warnings.texts.get(0)).contains("88 % of its responses were cut off: raise rollout.max_new_tokens.");
    }

    @Test
    void aRunWithoutAGradientWarnsAndHasTraces() throws IOException {
        TrainConfig config = flat("flat");
        assertThat(TinyRuns.warnings(config))
                .singleElement()
                .asString()
                .startsWith("step 1: all groups have equal rewards");
        for (int step = 1; step <= 6; step++) {
            JsonNode line = TinyRuns.line(config.out(), step - 1);
            assertThat(line.path("frac_reward_zero_std").asDouble()).isOne();
            assertThat(line.path("loss").asDouble()).isZero();
            assertThat(line.path("entropy").isNull()).isTrue(); // metrics are those of observed responses
        }
        assertThat(TinyRuns.names(config.out()))
                .contains("heads.json")
                .contains(
                        "traces/step-000001.parquet",
                        "traces/step-000002.parquet",
                        "traces/step-000004.parquet",
                        "traces/step-000006.parquet")
                .doesNotContain("traces/step-000003.parquet");
        assertThat(rows(config.out())).hasSize(4 * 4).allSatisfy(row -> {
            assertThat(Objects.requireNonNull(row.place()).advantage()).isZero();
            assertThat(row.trace().reward()).isZero();
            assertThat(row.seen().columns().get("gamma")).contains(1, 1.5f);
            assertThat(row.seen().waad()).doesNotContain(Float.NaN);
        });
    }

    @Test
    void theFirstResponsesAreRecordedWhateverTheirAdvantage() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("mixed"), "eval.every=0");
        TinyRuns.train(config);
        List<RunRow> rows = rows(config.out());
        assertThat(rows).hasSize(4 * 4);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(Objects.requireNonNull(rows.get(i).place()).promptIndex())
                    .isZero();
            assertThat(Objects.requireNonNull(rows.get(i).place()).sample()).isEqualTo(i % 4);
        }
    }

    /** Equal rewards for every second problem, rewards of short responses for the others. */
    @NullMarked
    public static final class EverySecond implements Task {
        @Override
        public String name() {
            return "every-second";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem(row.id(), row.messages(), row.text(), row.requiredAnswer());
        }

        @Override
        public Score verify(Problem problem, String response) {
            double reward = problem.answer().equals("flat") ? 0.5 : 1.0 / (1 + response.length());
            return new Score(reward, Map.of(Score.CORRECT, 0.0), response, "counted");
        }
    }

    /** Head groups too, which are found every second step. */
    @Test
    void recordingChangesNoMetric() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lines.add("{\"id\": \"r%d\", \"prompt\": \"%d 44 37 > 75\\n\", \"answer\": \"%s\"}"
                    .formatted(i, i + 1, i % 2 == 0 ? "flat" : "short"));
        }
        String data = "task.data=" + Files.write(shared.resolve("rows.jsonl"), lines);
        String task = "task.class=" + EverySecond.class.getName();
        TrainConfig recorded = TinyRuns.grpo(
                shared,
                "out=" + shared.resolve("recorded"),
                "task.name=class",
                task,
                data,
                "task.test=2",
                "task.length_penalty=0",
                "journal.traces_every=1",
                "journal.traces=8");
        TinyRuns.train(recorded);
        TrainConfig unrecorded = TinyRuns.grpo(
                shared,
                "out=" + shared.resolve("unrecorded"),
                "task.name=class",
                task,
                data,
                "task.test=2",
                "task.length_penalty=0",
                "journal.traces_every=0");
        TinyRuns.train(unrecorded);
        assertThat(TinyRuns.metrics(recorded.out())).isEqualTo(TinyRuns.metrics(unrecorded.out()));
        TinyRuns.requireSameCheckpoint(
                recorded.out().resolve("checkpoint-6"), unrecorded.out().resolve("checkpoint-6"));
        assertThat(Files.exists(unrecorded.out().resolve("traces"))).isFalse();
        double flat = 0;
        for (int step = 1; step <= 6; step++) {
            flat += TinyRuns.line(recorded.out(), step)
                    .path("frac_reward_zero_std")
                    .asDouble();
        }
        assertThat(flat).isBetween(0.5, 5.5); // some groups are observed, some only recorded
    }
}
