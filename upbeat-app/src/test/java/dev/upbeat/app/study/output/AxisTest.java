package dev.upbeat.app.study.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static final Axis.Limits ANY = new Axis.Limits(1e-9, Double.POSITIVE_INFINITY);

    @Test
    void theAxisHoldsAllValuesBetweenRoundTicks() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            double least = random.nextDouble(-100, 100) * Math.pow(10, random.nextInt(-4, 4));
            double greatest = least + random.nextDouble() * Math.pow(10, random.nextInt(-4, 4)) + 1e-4;
            Axis axis = Axis.over(least, greatest, ANY, 50, 500, 8);
            String made = axis + " over " + least + " to " + greatest;
            assertThat(axis.at(least)).as(made).isBetween(49.999, 500.001);
            assertThat(axis.at(greatest)).as(made).isBetween(49.999, 500.001);
            assertThat(axis.ticks()).as(made).hasSizeBetween(2, 11);
            assertThat(axis.ticks().stream().map(axis::label).distinct().count())
                    .as(made)
                    .isEqualTo(axis.ticks().size());
        }
    }

    @Test
    void oneValueAloneHasAnAxisToo() {
        assertThat(Axis.over(5, 5, ANY, 0, 100, 5).ticks())
                .hasSizeGreaterThan(1)
                .contains(5.0);
    }

    @Test
    void valuesThatDifferByRoundingLieOnALevelLine() {
        for (double value : new double[] {0, 0.1, 5, 64.2, 100}) {
            Axis axis = Axis.over(value, Math.nextUp(value), Axis.Limits.PERCENT, 300, 0, 8);
            assertThat(axis.at(Math.nextUp(value))).as("%s", axis).isCloseTo(axis.at(value), within(0.001));
            assertThat(axis.ticks().stream().map(axis::label).distinct())
                    .as("%s", axis)
                    .hasSizeGreaterThan(1);
        }
    }

    @Test
    void anAxisOfSharesStaysBetweenNothingAndAll() {
        for (double[] ends : new double[][] {{0, 0}, {100, 100}, {1, 99}, {97, 98}, {0, 3}}) {
            Axis axis = Axis.over(ends[0], ends[1], Axis.Limits.PERCENT, 0, 1, 8);
            assertThat(axis.low()).as("%s", axis).isGreaterThanOrEqualTo(0);
            assertThat(axis.high()).as("%s", axis).isLessThanOrEqualTo(100);
            assertThat(axis.high() - axis.low()).as("%s", axis).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void stepsHaveWholeTicks() {
        assertThat(Axis.ofWhole(0, 3, 0, 1, 8).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0);
        assertThat(Axis.ofWhole(7, 7, 0, 1, 8).ticks()).containsExactly(7.0, 8.0);
        assertThat(Axis.ofWhole(0, 120, 0, 1, 8).ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0);
    }

    @Test
    void zeroHasNoSign() {
        assertThat(new Axis(-0.5, 0.5, 0, 1, 0.5).label(-0.0)).isEqualTo("0.0");
    }
}
