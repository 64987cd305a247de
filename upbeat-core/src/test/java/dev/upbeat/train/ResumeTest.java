package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(OneThread.class)
class ResumeTest {
    @TempDir
    private static Path shared;

    @BeforeAll
    static void trainWithoutAPause() throws IOException {
        TinyRuns.model(shared);
        TinyRuns.train(TinyRuns.sft(shared, "out=" + shared.resolve("sft-whole")));
        TinyRuns.train(TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-whole")));
    }

    private static void pauseAndGoOn(TrainConfig config) throws IOException {
        Training.Result paused = TinyRuns.trainTo(config, 3);
        assertThat(paused).isEqualTo(new Training.Result(3, true));
        Training.Result done = TinyRuns.train(config, true, () -> false);
        assertThat(done).isEqualTo(new Training.Result(6, false));
    }

    private static void requireSame(Path run, Path whole) throws IOException {
        assertThat(TinyRuns.metrics(run)).hasSize(7).isEqualTo(TinyRuns.metrics(whole));
        assertThat(run.resolve("eval.jsonl")).hasSameTextualContentAs(whole.resolve("eval.jsonl"));
        assertThat(TinyRuns.names(run)).isEqualTo(TinyRuns.names(whole));
        TinyRuns.requireSameCheckpoint(run.resolve("checkpoint-6"), whole.resolve("checkpoint-6"));
    }

    @Test
    void supervisedTrainingThatPausedEndsAsOneThatDidNot() throws IOException {
        TrainConfig config = TinyRuns.sft(shared, "out=" + shared.resolve("sft-paused"), "checkpoint.keep_last=1");
        pauseAndGoOn(config);
        Path whole = shared.resolve("sft-whole");
        assertThat(TinyRuns.metrics(config.out())).isEqualTo(TinyRuns.metrics(whole));
        TinyRuns.requireSameCheckpoint(config.out().resolve("checkpoint-6"), whole.resolve("checkpoint-6"));
    }

    @Test
    void policyTrainingThatPausedEndsAsOneThatDidNot() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-paused"));
        pauseAndGoOn(config);
        requireSame(config.out(), shared.resolve("grpo-whole"));
    }

    /** Asks to stop at the given call after the step was recorded; the first call is before the next step. */
    private static Training.Result stopped(TrainConfig config, long step, int calls) throws IOException {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        return TinyRuns.train(config, false, () -> left.decrementAndGet() < 0, new TrainingListener() {
            @Override
            public void began(long at, long steps) {
                left.set(step < 0 ? calls : Integer.MAX_VALUE);
            }

            @Override
            public void stepped(Map<String, ?> metrics) {
                if (Long.valueOf(step).equals(metrics.get("step"))) {
                    left.set(calls);
                }
            }

            @Override
            public void doing(String work) {
                if (work.startsWith("step 3: evaluating")) {
                    left.set(Math.min(left.get(), calls));
                }
            }

            @Override
            public void warn(String text) {}
        });
    }

    @Test
    void rolloutsThatWereStoppedAreRepeated() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-rollouts"));
        assertThat(stopped(config, 2, 5)).isEqualTo(new Training.Result(2, true));
        TinyRuns.train(config, true, () -> false);
        requireSame(config.out(), shared.resolve("grpo-whole"));
    }

    @Test
    void anEvaluationThatWasStoppedIsRepeatedAlone() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-evaluation"));
        assertThat(stopped(config, 99, 5)).isEqualTo(new Training.Result(3, true));
        Path left = config.out().resolve("checkpoint-3/trainer/unevaluated.json");
        assertThat(left).isNotEmptyFile();
        assertThat(TinyRuns.metrics(config.out())).as("lines of steps 0 to 2").hasSize(3);
        TinyRuns.train(config, true, () -> false);
        requireSame(config.out(), shared.resolve("grpo-whole"));
    }

    @Test
    void aDamagedRestOfAnEvaluationIsRefused() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-damaged-rest"));
        stopped(config, 99, 5);
        Path rest = config.out().resolve("checkpoint-3/trainer/unevaluated.json");
        Files.writeString(rest, "{\"step\": 2}");
        assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("unevaluated.json", "has step 2; expected 3", "Delete");
    }

    @Test
    void theFirstEvaluationEndsAtOnce() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-first"));
        assertThat(stopped(config, -1, 5)).isEqualTo(new Training.Result(0, true));
        TinyRuns.train(config, true, () -> false);
        requireSame(config.out(), shared.resolve("grpo-whole"));
    }

    @Test
    void otherDataThanTheRunWasBegunWithIsRefused() throws IOException {
        Path data = shared.resolve("rows.jsonl");
        String row = "{\"id\": \"%d\", \"prompt\": \"6 44 37 > 75\", \"response\": \"try + : 44 + %d\"}\n";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            rows.append(row.formatted(i, i));
        }
        Files.writeString(data, rows);
        TrainConfig config = TinyRuns.sft(shared, "out=" + shared.resolve("with-data"), "data=" + data);
        TinyRuns.trainTo(config, 3);
        Files.writeString(data, rows + row.formatted(12, 12));
        assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(
                        "with-data: was started with other data", "rows.jsonl", "restore the old " + "file");
        Files.writeString(data, rows);
        assertThat(TinyRuns.train(config, true, () -> false)).isEqualTo(new Training.Result(6, false));
    }

    @Test
    void aFinishedRunContinuesForMoreSteps() throws IOException {
        String out = "out=" + shared.resolve("grpo-longer");
        TinyRuns.train(TinyRuns.grpo(shared, out, "learn.steps=3"));
        TinyRuns.train(TinyRuns.grpo(shared, out), true, () -> false);
        assertThat(TinyRuns.metrics(shared.resolve("grpo-longer")))
                .isEqualTo(TinyRuns.metrics(shared.resolve("grpo-whole")));
    }

    @Test
    void fewerStepsThanAreDoneAreRefused() throws IOException {
        TrainConfig fewer = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-whole"), "learn.steps=2");
        assertThatThrownBy(() -> TinyRuns.train(fewer, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("learn.steps is 2", "has done", "expected at least", "out=DIR");
        assertThatThrownBy(() -> ResumeRules.requireSame(fewer)).hasMessageContaining("learn.steps is 2");
    }

    @Test
    void allChangedKeysAreNamedAlsoDerivedOnes() throws IOException {
        TrainConfig longer = TinyRuns.grpo(
                shared, "out=" + shared.resolve("grpo-whole"), "rollout.max_new_tokens=13", "checkpoint.every=1");
        assertThatThrownBy(() -> TinyRuns.train(longer, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(
                        "eval.max_new_tokens", "rollout.max_new_tokens", "now it is 13", "same values");
    }

    @Test
    void linesAfterTheLastCheckpointAreCutOff() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-cut"));
        TinyRuns.trainTo(config, 4);
        Path run = config.out();
        Files.writeString(
                run.resolve("metrics.jsonl"),
                Files.readString(run.resolve("metrics.jsonl")) + "{\"step\":5,\"reward\":9}\n{\"step\":6,\"rew");
        Files.copy(run.resolve("traces/step-000004.parquet"), run.resolve("traces/step-000006.parquet"));
        Files.writeString(run.resolve("traces/.step-000006.parquet.0"), "half");
        Files.createDirectory(run.resolve(".checkpoint-6.abc.tmp"));
        TinyRuns.train(config, true, () -> false);
        requireSame(run, shared.resolve("grpo-whole"));
    }

    @Test
    void aRunWithoutACheckpointBeginsAnew() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-young"), "checkpoint.keep_best=false");
        assertThatThrownBy(() -> TinyRuns.train(config, false, () -> false, new TrainingListener() {
                    @Override
                    public void began(long step, long steps) {}

                    @Override
                    public void stepped(Map<String, ?> metrics) {
                        throw new IllegalStateException("killed");
                    }

                    @Override
                    public void warn(String text) {}
                }))
                .hasMessage("killed");
        assertThat(TinyRuns.metrics(config.out())).hasSize(1);
        TinyRuns.train(config, true, () -> false);
        assertThat(TinyRuns.metrics(config.out())).isEqualTo(TinyRuns.metrics(shared.resolve("grpo-whole")));
    }

    @Test
    void resumingWhatWasNotBegunBeginsIt() throws IOException {
        TrainConfig config = TinyRuns.sft(shared, "out=" + shared.resolve("sft-new"), "learn.steps=3");
        assertThat(TinyRuns.train(config, true, () -> false)).isEqualTo(new Training.Result(3, false));
    }

    @Test
    void anotherConfigurationIsRefused() throws IOException {
        TrainConfig other =
                TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-whole"), "credit.share=0.5", "checkpoint.every=1");
        assertThatThrownBy(() -> TinyRuns.train(other, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("credit.share 0.4", "now it is 0.5", "resume with the same");
    }

    @Test
    void anExistingDirectoryIsRejected() throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + shared.resolve("grpo-whole"));
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("is not empty", "--resume");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"step                                                        | line 1, column
            {"step":5,"threads":1,"dtype":"F32","kernels":"x"}            | it is of step 5
            {"step":6,"threads":0,"dtype":"F32","kernels":"x"}            | threads is 0
            {"step":6,"threads":1,"dtype":"F9","kernels":"x"}             | dtype cannot be F9
            {"step":6,"threads":1,"dtype":"F32","kernels":null}           | kernels is missing
            {"step":6}                                                    | is missing
            {"step":6,"threads":1,"dtype":"F32","kernels":"x"}{}          | there is more after its end
            {"step":6,"threads":1,"dtype":"F32","kernels":"x"}<NUL>       | Illegal character
            null                                                          | it is null
            """)
    void aDamagedCheckpointIsRefusedAndKept(String state, String reason) throws IOException {
        TrainConfig config = TinyRuns.sft(shared, "out=" + shared.resolve("sft-damaged"), "learn.schedule=constant");
        if (!Files.exists(config.out())) {
            TinyRuns.train(config);
        }
        Path checkpoint = config.out().resolve("checkpoint-6");
        Files.writeString(checkpoint.resolve("trainer/state.json"), state.replace("<NUL>", "\0"));
        byte[] before = Files.readAllBytes(config.out().resolve("metrics.jsonl"));
        assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("state.json: the checkpoint is damaged", reason, "delete " + checkpoint)
                .hasMessageNotContainingAny("dev.upbeat", "Source:");
        assertThat(config.out().resolve("metrics.jsonl")).hasBinaryContent(before);
    }

    @Test
    void twoProcessesCannotTrainInOnePlace() throws IOException {
        TrainConfig config = TinyRuns.sft(shared, "out=" + shared.resolve("sft-locked"));
        try (Training training = Training.open(config, Training.Options.DEFAULT, TinyRuns.SILENT)) {
            assertThat(training).isNotNull();
            assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("another process is training in it");
        }
    }
}
