package dev.upbeat.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static double[][] table(Random random, int rows, int columns) {
        double[][] table = new double[rows][columns];
        for (double[] row : table) {
            Arrays.setAll(row, column -> random.nextInt(3) - 1);
        }
        return table;
    }

    /** The same draws, each resampled table written out in full. */
    private static Interval naive(double[][][] tables, int resamples, SplittableRandom random) {
        double[] averages = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            int[][] columns = new int[tables.length][];
            for (int b = 0; b < tables.length; b++) {
                columns[b] = new int[tables[b][0].length];
                for (int c = 0; c < columns[b].length; c++) {
                    columns[b][c] = random.nextInt(columns[b].length);
                }
            }
            int[] rows = new int[tables[0].length];
            for (int r = 0; r < rows.length; r++) {
                rows[r] = random.nextInt(rows.length);
            }
            double average = 0;
            for (int b = 0; b < tables.length; b++) {
                double[][] table = tables[b];
                int[] drawn = columns[b];
                average += Arrays.stream(rows)
                                .mapToDouble(row -> Arrays.stream(drawn)
                                        .mapToDouble(column -> table[row][column])
                                        .average()
                                        .orElseThrow())
                                .average()
                                .orElseThrow()
                        / tables.length;
            }
            averages[i] = average;
        }
        Arrays.sort(averages);
        return new Interval(at(averages, 0.025), at(averages, 0.975));
    }

    private static double at(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
    }

    @Test
    void anAverageOverTablesEqualsItsNaiveTwin() {
        Random random = new Random(20261201);
        double[][][] tables = {table(random, 4, 2), table(random, 4, 30), table(random, 4, 7)};
        Interval expected = naive(tables, 500, new SplittableRandom(3));
        Interval actual = Bootstrap.ofCrossedMean(tables, 500, new SplittableRandom(3));
        assertThat(actual.low()).isCloseTo(expected.low(), within(1e-12));
        assertThat(actual.high()).isCloseTo(expected.high(), within(1e-12));
    }

    /** A large table would dominate a pooled mean; in the plain average each counts the same. */
    @Test
    void eachTableCountsTheSame() {
        double[][] small = {{1, 1}, {1, 1}};
        double[][] large = new double[2][500];
        Interval average = Bootstrap.ofCrossedMean(new double[][][] {small, large}, 100, new SplittableRandom(1));
        assertThat(average).isEqualTo(new Interval(0.5, 0.5));
    }
}
