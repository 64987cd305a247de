package dev.upbeat.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.trace.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomTokensTest {
    private static final RandomTokens RANDOM = new RandomTokens(0.4, 1.5);

    @Test
    void exactlyTheShareOfTheTokensIsDrawn() {
        for (int length = 1; length <= 60; length++) {
            assertThat(amplified(Batches.gamma(RANDOM, batch(0, 0, "a", length))[0]))
                    .isEqualTo((2 * length + 4) / 5);
        }
        // 0.1 * 30 is 3.0000000000000004 in binary
        assertThat(amplified(Batches.gamma(new RandomTokens(0.1, 1.5), batch(0, 0, "a", 30))[0]))
                .isEqualTo(3);
        assertThat(Batches.gamma(new RandomTokens(1, 1.5), batch(0, 0, "a", 30))[0])
                .containsOnly(1.5f);
    }

    @Test
    void theDrawDependsOnSeedStepAndIdOnly() {
        float[] drawn = Batches.gamma(RANDOM, batch(1, 2, "a", 50))[0];
        Step among = Step.measured(
                1, 2, List.of("b", "a"), List.of(Batches.tokens(9), Batches.tokens(50)), new float[] {1, -1});
        assertThat(Batches.gamma(RANDOM, among)[1]).containsExactly(drawn);
        assertThat(Batches.gamma(RANDOM, batch(9, 2, "a", 50))[0]).isNotEqualTo(drawn);
        assertThat(Batches.gamma(RANDOM, batch(1, 3, "a", 50))[0]).isNotEqualTo(drawn);
        assertThat(Batches.gamma(RANDOM, batch(1, 2, "aa", 50))[0]).isNotEqualTo(drawn);
    }

    @Test
    void everyPairOfTokensIsDrawnAsOften() {
        // two of five in 20,000 draws: each of the ten pairs 2,000 times, five standard deviations are 212
        int[][] pairs = new int[5][5];
        for (int step = 0; step < 20_000; step++) {
            float[] gamma = Batches.gamma(RANDOM, batch(5, step, "x", 5))[0];
            for (int i = 0; i < 5; i++) {
                for (int j = i + 1; j < 5; j++) {
                    pairs[i][j] += gamma[i] > 1 && gamma[j] > 1 ? 1 : 0;
                }
            }
        }
        for (int i = 0; i < 5; i++) {
            for (int j = i + 1; j < 5; j++) {
                assertThat(pairs[i][j]).as("%d and %d", i, j).isCloseTo(2000, within(212));
            }
        }
    }

    private static Step batch(long seed, long step, String id, int length) {
        return Step.measured(seed, step, List.of(id), List.of(Batches.tokens(length)), new float[] {1});
    }

    private static int amplified(float[] gamma) {
        int count = 0;
        for (float weight : gamma) {
            count += weight > 1 ? 1 : 0;
        }
        return count;
    }
}
