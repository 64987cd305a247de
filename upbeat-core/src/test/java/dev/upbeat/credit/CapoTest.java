package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.credit.Capo.Vote;
import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Score;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CapoTest {
    /** A training step; the advantages of the responses do not matter. */
    private static Step step(int group, boolean[] right, float[]... wrong) {
        List<Trace> traces = new ArrayList<>();
        List<float[]> logProbs = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        List<Score> verdicts = new ArrayList<>();
        for (int i = 0; i < wrong.length; i++) {
            traces.add(new Trace("1/0/" + i, new int[] {1}, new int[wrong[i].length], null, 1, null));
            logProbs.add(new float[wrong[i].length]);
            seen.add(Batches.column(Observation.STEP_WRONG, wrong[i]));
            verdicts.add(Score.of(right[i], null, "by hand"));
        }
        return new Step(
                0,
                1,
                new Rollouts(group, traces, logProbs, new boolean[wrong.length], 0),
                new Scores(verdicts, new double[wrong.length]),
                new float[wrong.length],
                new ObservedStep(seen, null, 0, 0));
    }

    private static double[][] advantages(Vote vote, Step step) {
        List<Update> updates = new Capo(vote, 2, 1).apply(step);
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).gamma()).isNull();
        return updates.get(0).tokenAdvantages();
    }

    @Test
    void advantagesAreNormalizedOverTheTokensOfTheGroup() {
        // rewards 2 1 | -1 -1 0: mean 0.2, squares 3.24 + 0.64 + 1.44 + 1.44 + 0.04 = 6.8, std = sqrt(6.8 / 4)
        Step step = step(2, new boolean[] {true, false}, new float[] {0, 1}, new float[] {1, 1, 0.75f});
        double std = Math.sqrt(1.7) + 1e-6;
        double[][] advantages = advantages(Vote.INTERSECTION, step);
        assertThat(advantages[0]).containsExactly(new double[] {1.8 / std, 0.8 / std}, within(1e-12));
        assertThat(advantages[1]).containsExactly(new double[] {-1.2 / std, -1.2 / std, -0.2 / std}, within(1e-12));
    }

    @Test
    void theVoteDecidesWhichStepsAreWrong() {
        assertThat(List.of(Vote.INTERSECTION.of(1), Vote.INTERSECTION.of(0.75))).containsExactly(1.0, 0.0);
        assertThat(List.of(Vote.MAJORITY.of(0.75), Vote.MAJORITY.of(0.5))).containsExactly(1.0, 0.0);
        assertThat(List.of(Vote.AVERAGE.of(0.75), Vote.AVERAGE.of(0))).containsExactly(0.75, 0.0);
    }

    @Test
    void groupsOfEqualRewardsLearnFromWrongSteps() {
        assertThat(new Capo(Vote.INTERSECTION, 2, 1).needsAllResponses()).isTrue();
        // both wrong: rewards -1 0 | 0, mean -1/3, std = sqrt((4/9 + 1/9 + 1/9) / 2) = sqrt(1/3)
        Step step = step(2, new boolean[2], new float[] {1, 0}, new float[] {0});
        double std = Math.sqrt(1 / 3.0) + 1e-6;
        double[][] advantages = advantages(Vote.INTERSECTION, step);
        assertThat(advantages[0]).containsExactly(new double[] {-2 / 3.0 / std, 1 / 3.0 / std}, within(1e-12));
        assertThat(advantages[1]).containsExactly(new double[] {1 / 3.0 / std}, within(1e-12));
        assertThat(advantages(Vote.INTERSECTION, step(2, new boolean[2], new float[] {1, 1}, new float[] {1})))
                .as("equal rewards of all tokens")
                .isDeepEqualTo(new double[][] {{0, 0}, {0}});
    }

    @Test
    void aResponseWithoutAJudgementIsLeftOut() {
        boolean[] right = {true, true, false};
        Step whole = step(3, right, new float[] {0, 1}, new float[] {NAN, NAN}, new float[] {0});
        Step without = step(2, new boolean[] {true, false}, new float[] {0, 1}, new float[] {0});
        double[][] advantages = advantages(Vote.AVERAGE, whole);
        assertThat(advantages[1]).containsExactly(0, 0);
        assertThat(new double[][] {advantages[0], advantages[2]}).isDeepEqualTo(advantages(Vote.AVERAGE, without));
        Update update = new Capo(Vote.AVERAGE, 2, 1).apply(whole).get(0);
        assertThat(update.metrics())
                .containsExactly(Map.entry("credit/wrong_share", 1 / 3.0), Map.entry("credit/unjudged_share", 1 / 3.0));
    }

    @Test
    void aStepWithoutJudgementsIsRefusedByName() {
        Step step = step(1, new boolean[1], new float[] {0});
        Step bare = new Step(
                0,
                1,
                step.trainingRollouts(),
                step.trainingScores(),
                new float[1],
                new ObservedStep(List.of(Batches.tokens(1)), null, 0, 0));
        assertThatThrownBy(() -> new Capo(Vote.AVERAGE, 2, 1).apply(bare))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("step_wrong");
    }

    @Test
    void advantagesAreTheirDefinitionOnRandomBatches() {
        Seeds.forEach(500, random -> {
            int group = random.nextInt(2, 5);
            int size = group * random.nextInt(1, 4);
            boolean[] right = new boolean[size];
            float[][] wrong = new float[size][];
            for (int i = 0; i < size; i++) {
                right[i] = random.nextBoolean();
                wrong[i] = shares(random);
            }
            double[][] advantages = advantages(Vote.MAJORITY, step(group, right, wrong));
            for (int i = 0; i < size; i++) {
                double[] naive = naive(right, wrong, i / group * group, group, i);
                assertThat(advantages[i]).containsExactly(naive, within(1e-9));
            }
        });
    }

    private static float[] shares(SplittableRandom random) {
        float[] shares = new float[random.nextInt(1, 9)];
        boolean unjudged = random.nextInt(5) == 0;
        for (int t = 0; t < shares.length; t++) {
            shares[t] = unjudged ? NAN : random.nextInt(5) / 4f;
        }
        return shares;
    }

    private static double[] naive(boolean[] right, float[][] wrong, int from, int group, int of) {
        List<Double> rewards = new ArrayList<>();
        for (int i = from; i < from + group; i++) {
            for (float share : wrong[i]) {
                if (!Float.isNaN(share)) {
                    rewards.add((right[i] ? 2.0 : 0.0) - (share > 0.5 ? 1 : 0));
                }
            }
        }
        double mean = rewards.stream().mapToDouble(r -> r).sum() / rewards.size();
        double squares = 0;
        for (double reward : rewards) {
            squares += Math.pow(reward - mean, 2);
        }
        double std = rewards.size() < 2 ? 0 : Math.sqrt(squares / (rewards.size() - 1));
        double[] advantages = new double[wrong[of].length];
        for (int t = 0; t < advantages.length; t++) {
            double reward = (right[of] ? 2.0 : 0.0) - (wrong[of][t] > 0.5 ? 1 : 0);
            advantages[t] = Float.isNaN(wrong[of][t]) ? 0 : (reward - mean) / (std + 1e-6);
        }
        return advantages;
    }
}
