package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.learn.GroupAdvantage.Deviation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Advantages of rewards of any size, against the definition in decimal arithmetic. */
class GroupRewardsTest {
    private static final MathContext DIGITS = new MathContext(60);

    /** (r - mean) / (sd + 1e-6), sd with n - 1, [G]. */
    private static double[] naive(double... rewards) {
        if (Arrays.stream(rewards).distinct().count() == 1) {
            return new double[rewards.length];
        }
        BigDecimal count = BigDecimal.valueOf(rewards.length);
        BigDecimal mean = BigDecimal.ZERO;
        for (double reward : rewards) {
            mean = mean.add(new BigDecimal(reward).divide(count, DIGITS), DIGITS);
        }
        BigDecimal squares = BigDecimal.ZERO;
        for (double reward : rewards) {
            BigDecimal distance = new BigDecimal(reward).subtract(mean, DIGITS);
            squares = squares.add(distance.multiply(distance, DIGITS), DIGITS);
        }
        BigDecimal deviation =
                squares.divide(count.subtract(BigDecimal.ONE), DIGITS).sqrt(DIGITS);
        BigDecimal middle = mean;
        return Arrays.stream(rewards)
                .map(reward -> new BigDecimal(reward)
                        .subtract(middle, DIGITS)
                        .divide(deviation.add(new BigDecimal("1e-6")), DIGITS)
                        .doubleValue())
                .toArray();
    }

    private static void assertRight(double... rewards) {
        float[] advantages = GroupAdvantage.of(rewards, rewards.length, Deviation.SAMPLE);
        double[] right = naive(rewards);
        for (int i = 0; i < rewards.length; i++) {
            assertThat((double) advantages[i])
                    .as("%d of %s", i, Arrays.toString(rewards))
                    .isCloseTo(right[i], Offset.offset(1e-6));
        }
    }

    @Test
    void largeRewardsHaveTheAdvantagesOfTheDefinition() {
        assertRight(1e300, -1e300);
        assertRight(1e300, -1e300, 0, 1);
        assertRight(1e308, 1e308, 0, 0);
        assertRight(Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, 1e300);
        assertRight(1e155, 2e155, 4e155);
        assertRight(1e200, 1);
    }

    @Test
    void aLargeConstantInAllRewardsCostsNoDigits() {
        assertRight(1e16, 1e16 + 2, 1e16, 1e16 + 4);
        assertRight(1e15 + 0.25, 1e15, 1e15 + 0.5);
        assertRight(-1e12, -1e12 + 1e-3, -1e12 + 2e-3);
        assertThat(GroupAdvantage.of(new double[] {1e16, 1e16 + 1}, 2, Deviation.SAMPLE))
                .as("1e16 + 1 is 1e16 in double precision")
                .containsExactly(0f, 0f);
    }

    @Test
    void tinyRewardsHaveTheAdvantagesOfTheDefinition() {
        assertRight(Double.MIN_VALUE, 0);
        assertRight(1e-310, -1e-310, 3e-320);
        assertRight(1e-7, 0, 0, 1e-7);
        assertRight(1e-200, 1);
    }

    @Test
    void randomRewardsHaveTheAdvantagesOfTheDefinition() {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 300; trial++) {
            double scale = Math.pow(10, random.nextInt(-300, 307));
            double offset = random.nextBoolean() ? 0 : scale * random.nextInt(1, 1000);
            double[] rewards = new double[random.nextInt(2, 9)];
            Arrays.setAll(rewards, i -> offset + scale * random.nextInt(-5, 6));
            assertRight(rewards);
        }
    }

    @Test
    void theDeviationIsThatOfTheRewards() {
        assertThat(GroupRewards.of(new double[] {7, 1e300, -1e300}, 1, 2).deviation())
                .isCloseTo(Math.sqrt(2) * 1e300, Offset.offset(1e288));
        assertThat(GroupRewards.of(new double[] {1, 2, 4}, 0, 3).deviation())
                .isCloseTo(Math.sqrt(7 / 3.0), Offset.offset(1e-15));
    }
}
