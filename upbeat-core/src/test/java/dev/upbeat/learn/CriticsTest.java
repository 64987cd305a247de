package dev.upbeat.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(OneThread.class)
class CriticsTest {
    private static final int GROUP = 5;
    private static final List<Trace> TRACES = TinyPolicies.traces(3, GROUP, 4);
    private static final Optimization OPTIMIZATION = TinyPolicies.optimization(1e-2, 0);

    private static Rollouts rollouts() {
        List<float[]> logProbs = new ArrayList<>();
        TRACES.forEach(trace -> logProbs.add(new float[trace.responseIds().length]));
        return new Rollouts(GROUP, TRACES, logProbs, new boolean[TRACES.size()], 0);
    }

    /** Right if the first token is in the lower half of the vocabulary, which a value can know from the second state on. */
    private static double[] rewards() {
        return TRACES.stream()
                .mapToDouble(trace -> trace.responseIds()[0] < TinyPolicies.V / 2 ? 1 : 0)
                .toArray();
    }

    private static ObservedStep unvalued() {
        List<Observation> seen = new ArrayList<>();
        for (Trace trace : TRACES) {
            float[] zeros = new float[trace.responseIds().length];
            seen.add(new Observation(zeros, zeros, zeros, zeros, null, null, null));
        }
        return new ObservedStep(new ArrayList<>(seen), null, 0, 0);
    }

    private static float[][] series(Critics critics, String name) {
        ObservedStep seen = critics.value(rollouts(), unvalued());
        return seen.observations().stream()
                .map(own -> requireNonNull(requireNonNull(own).series(name)))
                .toArray(float[][]::new);
    }

    private static Critics critics(Checkpoint start, Dtype compute, int count, boolean trained, int steps) {
        Critics.Settings settings = new Critics.Settings(count, 2, trained, 2, steps);
        return new Critics(start, compute, settings, OPTIMIZATION, 3);
    }

    private static Checkpoint start(String model) {
        return Checkpoint.open(ParityFixture.named(model).directory());
    }

    @Test
    void valuesAreZeroBeforeTheFirstStepAndApproachTheRewards() {
        try (Checkpoint start = start("llama");
                Critics critics = critics(start, Dtype.F32, 2, false, 2)) {
            for (float[] values : series(critics, Observation.VALUE)) {
                assertThat(values).containsOnly(0);
            }
            for (int step = 0; step < 30; step++) {
                critics.train(rollouts(), rewards());
            }
            float[][] values = series(critics, Observation.VALUE);
            double squares = 0;
            long tokens = 0;
            for (int i = 0; i < values.length; i++) {
                for (int t = 1; t < values[i].length; t++) {
                    squares += Math.pow(values[i][t] - rewards()[i], 2);
                    tokens++;
                }
            }
            assertThat(squares / tokens)
                    .as("mean squared error, 0.25 for the mean")
                    .isLessThan(0.15);
        }
    }

    /** With one gradient step an epoch, the order of the responses does not matter. */
    @ParameterizedTest
    @CsvSource({"2, false", "3, true"})
    void eachCriticLearnsFromItsOwnResponsesOfEachGroup(int count, boolean trained) {
        try (Checkpoint start = start("llama");
                Critics critics = critics(start, Dtype.F32, count, trained, 1)) {
            critics.train(rollouts(), rewards());
            float[][] values = series(critics, Observation.VALUE);
            float[][] deviations = series(critics, Observation.VALUE_STD);
            List<float[][]> alone = new ArrayList<>();
            for (int m = 0; m < count; m++) {
                alone.add(trainedAlone(start, m, count, trained));
            }
            boolean differ = false;
            for (int i = 0; i < values.length; i++) {
                for (int t = 0; t < values[i].length; t++) {
                    double mean = 0;
                    double square = 0;
                    for (float[][] own : alone) {
                        mean += own[i][t] / (double) count;
                        square += own[i][t] * (double) own[i][t] / count;
                    }
                    assertThat((double) values[i][t]).isCloseTo(mean, within(1e-5));
                    double variance = Math.max(0, square - mean * mean);
                    assertThat((double) deviations[i][t]).isCloseTo(Math.sqrt(variance), within(1e-4));
                    differ |= deviations[i][t] > 1e-3;
                }
            }
            assertThat(differ).as("critics with other responses differ").isTrue();
        }
    }

    /** The values of a critic that takes two steps on the responses i with i mod M = m of each group. */
    private static float[][] trainedAlone(Checkpoint start, int m, int count, boolean trained) {
        List<Trace> own = new ArrayList<>();
        List<Double> rewards = new ArrayList<>();
        for (int i = 0; i < TRACES.size(); i++) {
            if (i % GROUP % count == m) {
                own.add(TRACES.get(i));
                rewards.add(rewards()[i]);
            }
        }
        double[] returns = rewards.stream().mapToDouble(reward -> reward).toArray();
        ModelConfig config = start.config().firstLayers(2);
        try (PointerScope scope = new PointerScope()) {
            Tensor embedding = trained ? null : start.weights().read(Critic.EMBEDDING, Dtype.F32);
            try (Critic critic = new Critic(config, start.weights(), embedding, Dtype.F32, OPTIMIZATION)) {
                critic.update(own, returns);
                critic.update(own, returns);
                return critic.values(TRACES);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, F32, false", "qwen3-bf16, BF16, false", "qwen3-bf16, F32, true"})
    void resumedCriticsGiveTheSameValues(String model, Dtype compute, boolean trained, @TempDir Path directory)
            throws IOException {
        float[][] uninterrupted;
        try (Checkpoint start = start(model);
                Critics critics = critics(start, compute, 2, trained, 3)) {
            critics.train(rollouts(), rewards());
            critics.save(directory);
            critics.train(rollouts(), rewards());
            uninterrupted = series(critics, Observation.VALUE);
        }
        try (Checkpoint start = start(model);
                Critics critics = critics(start, compute, 2, trained, 3)) {
            critics.load(directory);
            critics.train(rollouts(), rewards());
            assertThat(series(critics, Observation.VALUE)).isDeepEqualTo(uninterrupted);
        }
        try (Checkpoint start = start(model);
                Critics critics = critics(start, compute, 2, !trained, 3)) {
            assertThatThrownBy(() -> critics.load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("critic-0", "it belongs to another model");
        }
    }

    @Test
    void aMissingStateIsRefused(@TempDir Path directory) {
        try (Checkpoint start = start("llama");
                Critics critics = critics(start, Dtype.F32, 2, false, 1)) {
            assertThatThrownBy(() -> critics.load(directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("critic-0");
        }
    }

    @Test
    void aRewardThatIsNotFiniteDivergesAndChangesNothing() {
        try (Checkpoint start = start("llama");
                Critics critics = critics(start, Dtype.F32, 2, false, 1)) {
            double[] rewards = rewards();
            rewards[0] = Double.POSITIVE_INFINITY;
            assertThatThrownBy(() -> critics.train(rollouts(), rewards)).isInstanceOf(DivergedException.class);
            assertThat(series(critics, Observation.VALUE)[0]).containsOnly(0);
        }
    }

    @Test
    void aCriticOwnsTheWeightsOfItsLayersOnly() {
        try (Checkpoint start = start("llama")) {
            ModelConfig policy = start.config();
            long frozen = Critics.trainedWeights(policy, 1, false);
            long perLayer = Critics.trainedWeights(policy, 2, false) - frozen;
            assertThat(frozen).isEqualTo(perLayer + 2L * policy.hidden()); // the last norm and the head
            assertThat(Critics.trainedWeights(policy, 1, true) - frozen)
                    .isEqualTo((long) policy.vocabulary() * policy.hidden());
        }
    }

    @Test
    void trainingLeavesNoNativeMemoryBehind() {
        try (Checkpoint start = start("llama");
                Critics critics = critics(start, Dtype.F32, 2, false, 2)) {
            critics.train(rollouts(), rewards());
            critics.value(rollouts(), unvalued());
            long before = Pointer.totalCount();
            critics.train(rollouts(), rewards());
            critics.value(rollouts(), unvalued());
            assertThat(Pointer.totalCount()).isEqualTo(before);
        }
    }
}
