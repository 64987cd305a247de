package dev.upbeat.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningPeakTest {
    /** The definition, step by step from the end: E_t of the defined values x_0 .. x_t. */
    private static double naive(double[] defined, int t, double a) {
        if (t == 0) {
            return defined[0];
        }
        double before = naive(defined, t - 1, a);
        return a * Math.max(defined[t], before) + (1 - a) * before;
    }

    @Test
    void itEqualsTheDefinitionOverTheDefinedValues() {
        Random random = new Random(20261201);
        for (int round = 0; round < 50; round++) {
            double[] values = new double[1 + random.nextInt(40)];
            Arrays.setAll(values, i -> random.nextInt(3) == 0 ? Double.NaN : random.nextGaussian());
            double a = 1 - random.nextDouble();
            double[] peaks = RunningPeak.of(values, a);
            double[] defined =
                    Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
            for (int t = 0, d = 0; t < values.length; t++) {
                if (Double.isNaN(values[t])) {
                    assertThat(peaks[t]).isNaN();
                } else {
                    assertThat(peaks[t]).isCloseTo(naive(defined, d++, a), within(1e-12));
                }
            }
        }
    }

    @Test
    void withAShareOfOneItIsTheLargestValueSoFar() {
        assertThat(RunningPeak.of(new double[] {0.2, 0.5, 0.1, 0.6}, 1)).containsExactly(0.2, 0.5, 0.5, 0.6);
        assertThat(RunningPeak.of(new double[] {0.2, 0.4, 0.1}, 0.5))
                .containsExactly(0.2, 0.5 * 0.4 + 0.5 * 0.2, 0.30000000000000004);
        assertThat(RunningPeak.of(new double[0], 0.1)).isEmpty();
    }
}
