package dev.upbeat.app.study.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void theAxisHoldsAllValuesBetweenRoundTicks() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            double least = random.nextDouble(-100, 100) * Math.pow(10, random.nextInt(-4, 4));
            double greatest = least + random.nextDouble() * Math.pow(10, random.nextInt(-4, 4)) + 1e-4;
            Axis axis = Axis.over(least, greatest, 50, 500, 8);
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
        assertThat(Axis.over(5, 5, 0, 100, 5).ticks()).hasSizeGreaterThan(1).contains(5.0);
    }

    @Test
    void zeroHasNoSign() {
        assertThat(new Axis(-0.5, 0.5, 0, 1, 0.5).label(-0.0)).isEqualTo("0.0");
    }
}
