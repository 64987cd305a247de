package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneThread.class)
class CheckpointDtypeTest {
    private static final String LOSS = "checkpoint/rounding_loss";

    @TempDir
    private static Path shared;

    /** The initial model of the GRPO runs is stored in bf16. */
    @BeforeAll
    static void makeABf16Model() throws IOException {
        TinyRuns.train(TinyRuns.sft(shared, "validation.every=0", "eval.every=0", "checkpoint.dtype=bf16"));
        assertThat(storedDtype(shared.resolve("sft/checkpoint-6"))).isEqualTo("bfloat16");
    }

    private static TrainConfig grpo(String name, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.addAll(List.of("out=" + shared.resolve(name), "learn.learning_rate=1.0e-6", "eval.every=0", "dtype=f32"));
        return TinyRuns.grpo(shared, all.toArray(String[]::new));
    }

    private static @Nullable String storedDtype(Path checkpoint) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return opened.config().storedDtype();
        }
    }

    private static void pauseAfterThreeSteps(TrainConfig config) throws IOException {
        assertThat(TinyRuns.trainTo(config, 3)).isEqualTo(new Training.Result(3, true));
    }

    @Test
    void checkpointsOfABf16ModelAreF32ByDefault() throws IOException {
        TrainConfig config = grpo("default");
        assertThat(TinyRuns.warnings(config)).noneMatch(text -> text.contains("rounding"));
        assertThat(storedDtype(config.out().resolve("checkpoint-6"))).isEqualTo("float32");
        for (int step = 1; step <= 6; step++) {
            assertThat(TinyRuns.line(config.out(), step - 1).has(LOSS)).isFalse();
        }
    }

    @Test
    void aRoundingThatLosesMostOfTheUpdateIsReported() throws IOException {
        TrainConfig config = grpo("rounded", "checkpoint.dtype=auto");
        assertThat(TinyRuns.warnings(config).stream().filter(text -> text.contains("rounding")))
                .singleElement()
                .asString()
                .startsWith("step 2: rounding the weights of the checkpoint loses ")
                .contains(LOSS, "Set checkpoint.dtype to f32");
        assertThat(storedDtype(config.out().resolve("checkpoint-6"))).isEqualTo("bfloat16");
        for (int step = 1; step <= 6; step++) {
            JsonNode line = TinyRuns.line(config.out(), step - 1);
            assertThat(line.has(LOSS)).isEqualTo(step % 2 == 0);
            if (step % 2 == 0) {
                assertThat(line.path(LOSS).asDouble()).isBetween(0.5, 1.0);
            }
        }
    }

    @Test
    void aRoundedRunThatPausedHasTheSameMetrics() throws IOException {
        TrainConfig whole = grpo("rounded-whole", "checkpoint.dtype=auto");
        TinyRuns.train(whole);
        TrainConfig paused = grpo("rounded-paused", "checkpoint.dtype=auto");
        pauseAfterThreeSteps(paused);
        TinyRuns.train(paused, true, () -> false);
        assertThat(TinyRuns.metrics(paused.out())).isEqualTo(TinyRuns.metrics(whole.out()));
        TinyRuns.requireSameCheckpoint(
                paused.out().resolve("checkpoint-6"), whole.out().resolve("checkpoint-6"));
    }

    @Test
    void aRunThatBeganWithoutTheKeyContinues() throws IOException {
        TrainConfig whole = grpo("new-whole");
        TinyRuns.train(whole);
        pauseAfterThreeSteps(grpo("old", "checkpoint.dtype=auto"));
        Path file = shared.resolve("old/config.yaml");
        String config = Files.readString(file);
        String older = config.replaceFirst("\n  dtype: \"?auto\"?", "");
        assertThat(older).isNotEqualTo(config);
        Files.writeString(file, older);
        Path metrics = shared.resolve("old/metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics).replaceAll(",\"" + LOSS + "\":[^,}]+", ""));
        TinyRuns.train(grpo("old"), true, () -> false);
        assertThat(TinyRuns.metrics(shared.resolve("old"))).isEqualTo(TinyRuns.metrics(whole.out()));
        TinyRuns.requireSameCheckpoint(
                shared.resolve("old/checkpoint-6"), whole.out().resolve("checkpoint-6"));
    }

    @Test
    void productsOfACheckpointAreThoseOfItsTraining() throws IOException {
        TrainConfig config = grpo("products", "learn.steps=1");
        TinyRuns.train(config);
        Path checkpoint = config.out().resolve("checkpoint-1");
        assertThat(automatic(checkpoint)).isEqualTo(Dtype.F32);
        Path state = checkpoint.resolve("trainer/state.json");
        Files.writeString(state, Files.readString(state).replace("F32", "BF16"));
        assertThat(automatic(checkpoint)).isEqualTo(CpuFeatures.multipliesBf16() ? Dtype.BF16 : Dtype.F32);
        Files.writeString(state, "{");
        assertThatThrownBy(() -> automatic(checkpoint))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("state.json");
    }

    private static Dtype automatic(Path checkpoint) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return opened.automaticDtype();
        }
    }
}
