package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.observe.TraceBatch;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.TwoThreads;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class LearnerTest {
    private static final PolicyLoss LOSS = PolicyLoss.standard(30);

    @Test
    void sevenMicroBatchesGiveTheGradientOfOne() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(7, 4, 1));
            List<Trace> traces = samples.stream().map(PolicySample::trace).toList();
            int seventh = IntStream.range(1, 1000)
                    .filter(budget -> TraceBatch.cut(traces, budget, new RopeScaling.None())
                                    .size()
                            == 7)
                    .findFirst()
                    .orElseThrow();
            float[] whole = gradients(policy, samples, 100_000);
            float[] cut = gradients(policy, samples, seventh);
            assertThat(relativeDistance(cut, whole)).isLessThan(1e-6);
        }
    }

    @Test
    void workersGiveTheGradientOfOneWorkerReproducibly() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(7, 4, 1));
            float[] one = gradients(policy, samples, 100_000);
            float[] two = TwoThreads.get(() -> gradients(policy, samples, 200));
            assertThat(relativeDistance(two, one)).isLessThan(1e-6);
            for (int i = 0; i < 5; i++) {
                assertThat(TwoThreads.get(() -> gradients(policy, samples, 200)))
                        .containsExactly(two);
            }
        }
    }

    private static double relativeDistance(float[] given, float[] expected) {
        double off = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            off += Math.pow(given[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(off / length);
    }

    private static float[] gradients(Policy policy, List<PolicySample> samples, int microBatchTokens) {
        try (GradientStep step = new GradientStep(policy, TinyPolicies.optimization(1e-3, microBatchTokens))) {
            MinibatchLoss loss = new MinibatchLoss(LOSS, samples, LOSS.tokenWeights(samples));
            step.accumulate(samples.stream().map(PolicySample::trace).toList(), loss::of);
            return TinyPolicies.gradients(policy);
        }
    }

    @Test
    void rewardedResponsesBecomeMoreLikelyAtOnce() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(3e-3, 0), 8, 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(2, 4, 1));
            double good = TinyPolicies.logLikelihood(policy, samples.get(0).trace());
            double bad = TinyPolicies.logLikelihood(policy, samples.get(1).trace());
            UpdateStats first = learner.update(samples);
            assertThat(first.approximateKl()).as("on policy").isCloseTo(0, within(1e-9));
            assertThat(first.clipRegionMean()).isZero();
            for (int i = 0; i < 10; i++) {
                learner.update(samples);
            }
            assertThat(TinyPolicies.logLikelihood(policy, samples.get(0).trace()))
                    .isGreaterThan(good);
            assertThat(TinyPolicies.logLikelihood(policy, samples.get(1).trace()))
                    .isLessThan(bad);
            UpdateStats last = learner.update(samples);
            assertThat(last.approximateKl()).isPositive();
            assertThat(last.clipRegionMean()).isEqualTo(last.clipLowMean() + last.clipHighMean());
            assertThat(last.clipHighMean()).isPositive();
            assertThat(learner.gradientStep().steps()).isEqualTo(12);
        }
    }

    @Test
    void tokensLearnFromTheirOwnAdvantagesIfTheirResponseHasNone() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(3e-3, 0), 1, 1)) {
            PolicySample sample =
                    TinyPolicies.samples(policy, TinyPolicies.traces(1, 4, 1)).get(0);
            double before = TinyPolicies.logLikelihood(policy, sample.trace());
            double[] advantages = new double[sample.tokenAdvantages().length];
            Arrays.fill(advantages, 1);
            learner.update(List.of(new PolicySample(sample.trace(), sample.oldLogProbs(), 0, advantages, null, false)));
            assertThat(TinyPolicies.logLikelihood(policy, sample.trace())).isGreaterThan(before);
        }
    }

    /** Skipped where nothing but the surrogate counts; a KL factor of almost nothing has them computed. */
    @Test
    void skippedResponsesStayInTheDenominators() {
        for (PolicyLoss.Average average : PolicyLoss.Average.values()) {
            PolicyLoss skipping = new PolicyLoss(average, 0.2, 0.2, 0, 0, 30);
            PolicyLoss computing = new PolicyLoss(average, 0.2, 0.2, 0, 1e-30, 30);
            float[][] weights = new float[2][];
            long[] tokens = new long[2];
            for (int i = 0; i < 2; i++) {
                try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                        Learner learner = new Learner(
                                policy, i == 0 ? skipping : computing, TinyPolicies.optimization(1e-3, 0), 8, 1)) {
                    List<PolicySample> samples = new ArrayList<>();
                    for (PolicySample sample : TinyPolicies.samples(policy, TinyPolicies.traces(2, 4, 1))) {
                        boolean idle = samples.size() >= 4;
                        double[] advantages = sample.tokenAdvantages();
                        samples.add(new PolicySample(
                                sample.trace(),
                                sample.oldLogProbs(),
                                idle ? 0 : sample.advantage(),
                                idle ? new double[advantages.length] : advantages,
                                null,
                                false));
                    }
                    tokens[i] = learner.update(samples).tokens();
                    weights[i] = TinyPolicies.masters(policy);
                }
            }
            assertThat(tokens[0]).isLessThan(tokens[1]);
            assertThat(weights[0]).containsExactly(weights[1], within(2e-6f));
        }
    }

    @Test
    void theSeedDecidesTheOrder() {
        float[] once = afterTwoUpdates(5);
        assertThat(afterTwoUpdates(5)).containsExactly(once);
        assertThat(afterTwoUpdates(6)).isNotEqualTo(once);
    }

    private static float[] afterTwoUpdates(long seed) {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(1e-3, 0), 4, seed)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(4, 2, 1));
            assertThat(learner.update(samples).gradientSteps()).isEqualTo(2);
            learner.update(samples);
            return TinyPolicies.masters(policy);
        }
    }

    @Test
    void aBatchThatCannotBeSplitIsRefused() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(1e-3, 0), 3, 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(2, 2, 1));
            assertThatThrownBy(() -> learner.update(samples))
                    .hasMessage("4 responses cannot be split into minibatches of 3");
        }
    }

    @Test
    void aDivergedLossMovesNothing() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(1e-3, 0), 4, 1)) {
            List<PolicySample> samples = new ArrayList<>(TinyPolicies.samples(policy, TinyPolicies.traces(1, 4, 1)));
            PolicySample damaged = samples.get(2);
            double[] advantages = damaged.tokenAdvantages().clone();
            advantages[0] = Double.NaN;
            samples.set(2, new PolicySample(damaged.trace(), damaged.oldLogProbs(), 1, advantages, null, false));
            float[] before = TinyPolicies.masters(policy);
            assertThatThrownBy(() -> learner.update(samples))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("gradient step 0 has loss NaN");
            assertThat(TinyPolicies.masters(policy)).containsExactly(before);
            assertThat(learner.gradientStep().steps()).isZero();
        }
    }

    /** The first step makes weights beyond f32; the second computes with them. */
    @Test
    void unusableWeightsDoNotHideTheDivergence() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(1e39, 0), 4, 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(2, 4, 1));
            assertThatThrownBy(() -> learner.update(samples))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("gradient step 1 has loss")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(NotFiniteException.class));
        }
    }

    @Test
    void tokensWithoutAnEntropyTermLearnAsWithoutEntropy() {
        PolicyLoss withEntropy = new PolicyLoss(PolicyLoss.Average.SEQ_MEAN_TOKEN_MEAN, 0.2, 0.2, 0, 0.5, 30);
        PolicyLoss without = PolicyLoss.standard(30);
        float[] plain = afterOneUpdate(without, null);
        assertThat(afterOneUpdate(withEntropy, false)).containsExactly(plain);
        assertThat(afterOneUpdate(withEntropy, true))
                .isNotEqualTo(plain)
                .containsExactly(afterOneUpdate(withEntropy, null));
    }

    /** @param entropyTerm whether the tokens count in the entropy term; null if the samples do not say */
    private static float[] afterOneUpdate(PolicyLoss loss, @Nullable Boolean entropyTerm) {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, loss, TinyPolicies.optimization(1e-3, 0), 4, 1)) {
            List<PolicySample> samples = new ArrayList<>();
            for (PolicySample s : TinyPolicies.samples(policy, TinyPolicies.traces(1, 4, 1))) {
                boolean[] tokens = null;
                if (entropyTerm != null) {
                    tokens = new boolean[s.tokenAdvantages().length];
                    Arrays.fill(tokens, entropyTerm);
                }
                samples.add(new PolicySample(
                        s.trace(), s.oldLogProbs(), s.advantage(), s.tokenAdvantages(), null, false, tokens, null));
            }
            learner.update(samples);
            return TinyPolicies.masters(policy);
        }
    }

    /** At the ratio 1 the clipped term is the advantage, so a factor of the one is a factor of the other. */
    @Test
    void importanceWeightsAreFactorsOfTheClippedTermAlone() {
        PolicyLoss loss = new PolicyLoss(PolicyLoss.Average.TOKEN_MEAN, 0.2, 0.2, 0, 0.5, 30);
        float[][] weights = new float[3][];
        for (int run = 0; run < 3; run++) {
            try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                    Learner learner = new Learner(policy, loss, TinyPolicies.optimization(1e-3, 0), 4, 1)) {
                List<PolicySample> samples = new ArrayList<>();
                for (PolicySample s : TinyPolicies.samples(policy, TinyPolicies.traces(1, 4, 1))) {
                    double[] importance = new double[s.tokenAdvantages().length];
                    Arrays.setAll(importance, t -> t % 2 == 0 ? 0.5 : 2);
                    double[] advantages = s.tokenAdvantages();
                    if (run == 1) {
                        Arrays.setAll(advantages, t -> s.tokenAdvantages()[t] * importance[t]);
                    }
                    samples.add(new PolicySample(
                            s.trace(),
                            s.oldLogProbs(),
                            s.advantage(),
                            advantages,
                            null,
                            false,
                            null,
                            run == 0 ? importance : null));
                }
                learner.update(samples);
                weights[run] = TinyPolicies.gradients(policy);
            }
        }
        double off = 0;
        double all = 0;
        for (int i = 0; i < weights[0].length; i++) {
            off += Math.pow(weights[0][i] - weights[1][i], 2);
            all += Math.pow(weights[1][i], 2);
        }
        assertThat(Math.sqrt(off / all)).isLessThan(1e-6);
        assertThat(weights[0]).isNotEqualTo(weights[2]);
    }

    @Test
    void maskedResponsesTeachNothing() {
        try (Policy policy = Policy.fromScratch(TinyPolicies.config(), 1);
                Learner learner = new Learner(policy, LOSS, TinyPolicies.optimization(1e-3, 0), 4, 1)) {
            List<PolicySample> samples = TinyPolicies.samples(policy, TinyPolicies.traces(1, 4, 1)).stream()
                    .map(s -> new PolicySample(
                            s.trace(), s.oldLogProbs(), s.advantage(), s.tokenAdvantages(), null, true))
                    .toList();
            float[] before = TinyPolicies.masters(policy);
            UpdateStats stats = learner.update(samples);
            assertThat(stats.tokens()).isZero();
            assertThat(stats.entropyNats()).isNaN();
            assertThat(Arrays.equals(TinyPolicies.masters(policy), before)).isTrue();
        }
    }
}
