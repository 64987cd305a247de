package dev.upbeat.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private static final int[] TRIALS = {30, 30, 40, 500};
    private static final double[] SHARES = {0.05, 0.1, 0.6, 0.75};

    /** Of symmetric intervals the half-widths add up as standard errors do: sqrt(0.3^2 + 0.4^2) / 2 = 0.25. */
    @Test
    void halfWidthsAddUpAsStandardErrorsDo() {
        Interval average =
                Interval.ofAverage(new double[] {0.5, 0.4}, List.of(new Interval(0.2, 0.8), new Interval(0, 0.8)));
        assertThat(average.low()).isCloseTo(0.45 - 0.25, within(1e-12));
        assertThat(average.high()).isCloseTo(0.45 + 0.25, within(1e-12));
    }

    @Test
    void theAverageOfOneHasItsInterval() {
        Interval wilson = Interval.wilson(0.3, 10);
        Interval average = Interval.ofAverage(new double[] {0.3}, List.of(wilson));
        assertThat(average.low()).isCloseTo(wilson.low(), within(1e-15));
        assertThat(average.high()).isCloseTo(wilson.high(), within(1e-15));
    }

    /** In 2,000 draws of four benchmarks of known accuracy, 93 to 98 % of the intervals contain the true average. */
    @Test
    void theTrueAverageLiesInNineteenOfTwentyIntervals() {
        Random random = new Random(20261201);
        double truth = Arrays.stream(SHARES).average().orElseThrow();
        int covered = 0;
        int draws = 2_000;
        for (int draw = 0; draw < draws; draw++) {
            double[] means = IntStream.range(0, TRIALS.length)
                    .mapToDouble(i -> IntStream.range(0, TRIALS[i])
                                    .filter(trial -> random.nextDouble() < SHARES[i])
                                    .count()
                            / (double) TRIALS[i])
                    .toArray();
            List<Interval> intervals = IntStream.range(0, TRIALS.length)
                    .mapToObj(i -> Interval.wilson(means[i], TRIALS[i]))
                    .toList();
            covered += Interval.ofAverage(means, intervals).contains(truth) ? 1 : 0;
        }
        assertThat(covered / (double) draws).isBetween(0.93, 0.98);
    }
}
