package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(OneThread.class)
class LearnerStateTest {
    private static final List<Trace> TRACES = TinyPolicies.traces(2, 3, 4);

    /** Also where the checkpoint is rounded: then the state holds the f32 weights. */
    @ParameterizedTest
    @CsvSource({"qwen3, F32", "qwen3-bf16, BF16", "qwen3-bf16, F32"})
    void aResumedRunEqualsAnUninterruptedOne(String model, Dtype compute, @TempDir Path directory) throws IOException {
        float[] uninterrupted;
        try (Checkpoint checkpoint = Checkpoint.open(ParityFixture.named(model).directory());
                Policy policy = Policy.load(checkpoint, compute);
                SupervisedLearner learner = learner(policy)) {
            learner.update(TRACES);
            learner.update(TRACES);
            policy.save(directory.resolve("checkpoint"), checkpoint.companions());
            learner.save(directory.resolve("trainer"));
            learner.update(TRACES);
            uninterrupted = TinyPolicies.masters(policy);
        }
        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve("checkpoint"));
                Policy policy = Policy.load(checkpoint, compute);
                SupervisedLearner learner = learner(policy)) {
            learner.load(directory.resolve("trainer"));
            assertThat(learner.gradientSteps()).isEqualTo(2);
            learner.update(TRACES);
            assertThat(TinyPolicies.masters(policy)).containsExactly(uninterrupted);
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
            learner.save(directory);
        }
        try (Policy policy = Policy.fromScratch(TinyDecoder.config(Architecture.QWEN3), 1);
                SupervisedLearner learner = learner(policy)) {
            assertThatThrownBy(() -> learner.load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("it belongs to another model");
        }
    }

    @Test
    void aMissingOrDamagedStateIsRefused(@TempDir Path directory) throws IOException {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                SupervisedLearner learner = learner(policy)) {
            assertThatThrownBy(() -> learner.load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("optimizer.json");
            Files.writeString(directory.resolve("optimizer.json"), "{}");
            assertThatThrownBy(() -> learner.load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("gradient_steps");
        }
    }
}
