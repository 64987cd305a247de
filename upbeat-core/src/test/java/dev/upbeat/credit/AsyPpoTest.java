package dev.upbeat.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AsyPpoTest {
    private static final int WARMUP = 2;

    private static Step step(long number, double[] rewards, float[] advantages, float[][] values, float[][] stds) {
        List<Trace> traces = new ArrayList<>();
        List<float[]> logProbs = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            traces.add(new Trace("1/0/" + i, new int[] {1}, new int[values[i].length], null, 1, null));
            logProbs.add(new float[values[i].length]);
            seen.add(Batches.column(Observation.VALUE, values[i]).with(Observation.VALUE_STD, stds[i]));
        }
        return new Step(
                0,
                number,
                new Rollouts(values.length, traces, logProbs, new boolean[values.length], 0),
                new Scores(List.of(), rewards),
                advantages,
                new ObservedStep(seen, null, 0, 0));
    }

    private static Update update(double certain, double uncertain, Step step) {
        List<Update> updates = new AsyPpo(WARMUP, certain, uncertain).apply(step);
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).gamma()).isNull();
        return updates.get(0);
    }

    @Test
    void advantagesAreRewardMinusValueExceptWhereTheCriticsAgree() {
        // 5 tokens: 0.4 of them are 2, the lowest deviations 0 and 0.125; 0.2 are 1, the highest 0.75
        Step step = step(
                3,
                new double[] {1, 0},
                new float[] {0.7f, -0.7f},
                new float[][] {{0.25f, 0.5f, 0.75f}, {0.5f, -0.25f}},
                new float[][] {{0.5f, 0.125f, 0.25f}, {0, 0.75f}});
        Update update = update(0.4, 0.2, step);
        assertThat(update.tokenAdvantages()).isDeepEqualTo(new double[][] {{0.75, 0, 0.25}, {0, 0.25}});
        assertThat(update.entropyTokens()).isDeepEqualTo(new boolean[][] {{true, true, true}, {true, false}});
    }

    @Test
    void equalDeviationsAreTakenFromTheEarliestToken() {
        Step step = step(
                3, new double[] {1, 1}, new float[2], new float[][] {{0, 0}, {0}}, new float[][] {{0.5f, 0.5f}, {0.5f}
                });
        Update update = update(0.5, 0.1, step);
        assertThat(update.tokenAdvantages()).isDeepEqualTo(new double[][] {{0, 0}, {1}});
        assertThat(update.entropyTokens()).isDeepEqualTo(new boolean[][] {{false, true}, {true}});
    }

    @Test
    void sharesOfZeroSelectNothing() {
        Step step = step(3, new double[] {1}, new float[1], new float[][] {{0.5f}}, new float[][] {{0}});
        Update update = update(0, 0, step);
        assertThat(update.tokenAdvantages()).isDeepEqualTo(new double[][] {{0.5}});
        assertThat(update.entropyTokens()).isDeepEqualTo(new boolean[][] {{true}});
    }

    @Test
    void advantagesAreThoseOfGrpoWhileTheCriticsLearn() {
        float[][] values = {{0.5f, 0.5f}, {0.5f}};
        Step step = step(WARMUP, new double[] {1, 0}, new float[] {0.5f, -0.5f}, values, values);
        Update update = update(0.2, 0.2, step);
        assertThat(update.tokenAdvantages()).isDeepEqualTo(new double[][] {{0.5, 0.5}, {-0.5}});
        assertThat(update.entropyTokens()).isNull();
    }

    @Test
    void metricsAreOverAllTokensOfTheBatch() {
        // values .5 .5 | 0 1, rewards 1 1 | 0 0: errors .5 .5 0 -1
        Step step = step(1, new double[] {1, 0}, new float[2], new float[][] {{0.5f, 0.5f}, {0, 1}}, new float[][] {
            {0, 0.5f}, {0.25f, 0.25f}
        });
        assertThat(update(0.2, 0.2, step).metrics())
                .containsEntry("critic/value_mean", 0.5)
                .containsEntry("critic/value_std", 0.25)
                .containsEntry("critic/squared_error", 1.5 / 4)
                .containsEntry("critic/explained_variance", 1 - 1.5 / 1);
        Step equal = step(1, new double[] {1}, new float[1], new float[][] {{0.5f}}, new float[][] {{0}});
        assertThat(update(0.2, 0.2, equal).metrics().get("critic/explained_variance"))
                .isNaN();
    }

    @Test
    void missingAndUndefinedValuesAreRefused() {
        assertThat(new AsyPpo(0, 0, 0).needsAllResponses()).isTrue();
        Step undefined = step(1, new double[1], new float[1], new float[][] {{Batches.NAN}}, new float[][] {{0}});
        assertThatThrownBy(() -> update(0, 0, undefined))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("1/0/0", "undefined value");
        Step bare = new Step(
                0,
                1,
                undefined.trainingRollouts(),
                undefined.trainingScores(),
                new float[1],
                new ObservedStep(List.of(Batches.tokens(1)), null, 0, 0));
        assertThatThrownBy(() -> update(0, 0, bare))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("no series value", "critics");
    }

    @Test
    void advantagesAreTheirDefinitionOnRandomBatches() {
        Seeds.forEach(500, random -> {
            int size = random.nextInt(1, 6);
            double[] rewards = new double[size];
            float[][] values = new float[size][];
            float[][] stds = new float[size][];
            for (int i = 0; i < size; i++) {
                rewards[i] = random.nextInt(5) / 4.0;
                int length = random.nextInt(1, 9);
                values[i] = new float[length];
                stds[i] = new float[length];
                for (int t = 0; t < length; t++) {
                    values[i][t] = random.nextInt(-4, 5) / 4f;
                    stds[i][t] = random.nextInt(4) / 4f;
                }
            }
            double certain = random.nextInt(11) / 10.0;
            double uncertain = random.nextInt(11) / 10.0;
            Update update = update(certain, uncertain, step(3, rewards, new float[size], values, stds));
            List<int[]> agreed = first(certain, stds, 1);
            List<int[]> disputed = first(uncertain, stds, -1);
            for (int i = 0; i < size; i++) {
                double[] gae = gae(rewards[i], values[i]);
                for (int t = 0; t < gae.length; t++) {
                    double expected = has(agreed, i, t) ? 0 : gae[t];
                    assertThat(update.tokenAdvantages()[i][t]).isCloseTo(expected, within(1e-12));
                    boolean[][] entropyTokens = Objects.requireNonNull(update.entropyTokens());
                    assertThat(entropyTokens[i][t]).isEqualTo(!has(disputed, i, t));
                }
            }
        });
    }

    /** GAE with discount 1 and lambda 1, from the last token: A_t = delta_t + A_{t+1}, delta_t = r_t + V_{t+1} - V_t. */
    private static double[] gae(double reward, float[] values) {
        double[] advantages = new double[values.length];
        double next = 0;
        for (int t = values.length - 1; t >= 0; t--) {
            boolean last = t == values.length - 1;
            double delta = (last ? reward : 0) + (last ? 0 : values[t + 1]) - values[t];
            next += delta;
            advantages[t] = next;
        }
        return advantages;
    }

    /** The ceil(q n) tokens of the batch that come first when sorted by sign times deviation. */
    private static List<int[]> first(double share, float[][] stds, int sign) {
        List<int[]> tokens = new ArrayList<>();
        for (int i = 0; i < stds.length; i++) {
            for (int t = 0; t < stds[i].length; t++) {
                tokens.add(new int[] {i, t});
            }
        }
        tokens.sort(Comparator.comparingDouble(token -> sign * stds[token[0]][token[1]])); // stable
        return tokens.subList(0, (int) Math.ceil(share * tokens.size() - 1e-9));
    }

    private static boolean has(List<int[]> tokens, int i, int t) {
        return tokens.stream().anyMatch(token -> token[0] == i && token[1] == t);
    }
}
