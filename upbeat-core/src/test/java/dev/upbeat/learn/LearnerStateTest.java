package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.Safetensors;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(OneThread.class)
class LearnerStateTest {
    private static final List<Trace> TRACES = TinyPolicies.traces(2, 3, 4);

    /**
     * With every dtype of the checkpoints before and after the pause. Rounded ones have the f32 weights in the state.
     *
     * @param saved dtype of the first checkpoints; null for the model's
     */
    @ParameterizedTest
    @CsvSource({
        "qwen3, F32, , ",
        "qwen3, F32, BF16, F32",
        "qwen3-bf16, BF16, , ",
        "qwen3-bf16, F32, , ",
        "qwen3-bf16, BF16, F32, F32",
        "qwen3-bf16, BF16, , F32",
        "qwen3-bf16, BF16, F32, BF16",
        "mistral-f16, F32, , "
    })
    void aResumedRunEqualsAnUninterruptedOne(
            String model, Dtype compute, @Nullable Dtype saved, @Nullable Dtype next, @TempDir Path directory)
            throws IOException {
        float[] uninterrupted;
        OptionalDouble lost;
        try (Checkpoint checkpoint = Checkpoint.open(ParityFixture.named(model).directory());
                Policy policy = Policy.load(checkpoint, compute, saved);
                SupervisedLearner learner = learner(policy)) {
            learner.update(TRACES);
            learner.update(TRACES);
            policy.save(directory.resolve("checkpoint"), checkpoint.companions());
            learner.gradientStep().save(directory.resolve("trainer"));
            learner.update(TRACES);
            uninterrupted = TinyPolicies.masters(policy);
            lost = learner.gradientStep().roundingLoss();
        }
        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve("checkpoint"));
                Policy policy = Policy.load(checkpoint, compute, next);
                SupervisedLearner learner = learner(policy)) {
            learner.gradientStep().load(directory.resolve("trainer"));
            assertThat(learner.gradientStep().steps()).isEqualTo(2);
            learner.update(TRACES);
            assertThat(TinyPolicies.masters(policy)).containsExactly(uninterrupted);
            if (saved == next) {
                assertThat(learner.gradientStep().roundingLoss()).isEqualTo(lost);
            }
        }
    }

    @Test
    void aStateWithoutTheStartHasNoRoundingLoss(@TempDir Path directory) throws IOException {
        Path state = directory.resolve("trainer");
        try (Checkpoint checkpoint =
                        Checkpoint.open(ParityFixture.named("qwen3-bf16").directory());
                Policy policy = Policy.load(checkpoint, Dtype.BF16, null);
                SupervisedLearner learner = learner(policy)) {
            learner.update(TRACES);
            learner.gradientStep().save(state);
            rewriteWithoutStart(state.resolve("optimizer.safetensors"));
            learner.gradientStep().load(state);
            learner.update(TRACES);
            assertThat(learner.gradientStep().roundingLoss()).hasValue(Double.NaN);
            learner.gradientStep().save(state);
            learner.gradientStep().load(state);
        }
    }

    /** As states were written before they held the weights at the start. */
    private static void rewriteWithoutStart(Path file) throws IOException {
        try (Safetensors saved = Safetensors.open(file);
                PointerScope scope = new PointerScope()) {
            Map<String, Tensor> kept = new TreeMap<>();
            for (String name : List.of("first_moments", "second_moments", "masters")) {
                kept.put(name, saved.read(name, Dtype.F32));
            }
            assertThat(saved.names()).contains("start").hasSize(4);
            SafetensorsWriter.write(file, kept);
        }
    }

    @Test
    void aRoundedCheckpointWithoutMasterWeightsIsRefused(@TempDir Path directory) throws IOException {
        try (Checkpoint checkpoint =
                        Checkpoint.open(ParityFixture.named("qwen3-bf16").directory());
                Policy exact = Policy.load(checkpoint, Dtype.F32);
                SupervisedLearner learner = learner(exact)) {
            learner.gradientStep().save(directory);
            assertThatThrownBy(() -> learner.gradientStep().load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("holds no masters");
        }
    }

    private static SupervisedLearner learner(Policy policy) {
        Schedule cosine = new Schedule(Schedule.Shape.COSINE, 1e-2, 1, 10, 0);
        return new SupervisedLearner(policy, new Optimization(cosine, 0.9, 0.98, 1e-8, 0.1, 1, 0, false));
    }

    @Test
    void anotherModelsStateIsRefused(@TempDir Path directory) throws IOException {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                SupervisedLearner learner = learner(policy)) {
            learner.update(TRACES);
            learner.gradientStep().save(directory);
        }
        try (Policy policy = Policy.fromScratch(TinyDecoder.config(Architecture.QWEN3), 1);
                SupervisedLearner learner = learner(policy)) {
            assertThatThrownBy(() -> learner.gradientStep().load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("it belongs to another model");
        }
    }

    @Test
    void aMissingOrDamagedStateIsRefused(@TempDir Path directory) throws IOException {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                SupervisedLearner learner = learner(policy)) {
            assertThatThrownBy(() -> learner.gradientStep().load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("optimizer.json");
            Files.writeString(directory.resolve("optimizer.json"), "{}");
            assertThatThrownBy(() -> learner.gradientStep().load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("gradient_steps");
            Files.writeString(directory.resolve("optimizer.json"), "{\"gradient_steps\": 1}\0");
            assertThatThrownBy(() -> learner.gradientStep().load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("optimizer.json: line 1");
        }
    }
}
