package dev.upbeat.stats;

import dev.upbeat.series.Quantile;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Percentile bootstrap intervals of a mean (Efron 1979). With few values they are too narrow, because three values have only
 * ten distinct resamples. Prefer the t interval of {@link MeanEstimate} then.
 */
public final class Bootstrap {
    /** Number of resamples for an interval: its ends then vary by some hundredths of its width. */
    public static final int RESAMPLES = 10_000;

    private Bootstrap() {}

    /**
     * The 95 % interval of the mean.
     *
     * @param values at least two
     */
    public static Interval ofMean(double[] values, int resamples, SplittableRandom random) {
        MeanEstimate.requireTwo(values.length);
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int k = 0; k < values.length; k++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        return percentiles(sorted(means));
    }

    /**
     * The 95 % interval of the mean of a table whose rows and columns are both samples (Owen's pigeonhole bootstrap, arXiv
     * 0712.1111), or of the plain average of the means of several tables with the same rows. Rows and columns are drawn
     * separately, so the interval covers other seeds as well as other problems. It is wider than an interval over the
     * rows alone.
     *
     * @param tables each with rows of equal length, for example [benchmarks][seeds][problems]; at least two rows, the
     *     same number in all tables, and two columns
     */
    public static Interval ofCrossedMean(double[][][] tables, int resamples, SplittableRandom random) {
        int rows = tables[0].length;
        MeanEstimate.requireTwo(rows);
        int[][] drawn = new int[tables.length][];
        for (int b = 0; b < tables.length; b++) {
            MeanEstimate.requireTwo(tables[b][0].length);
            drawn[b] = new int[tables[b][0].length];
        }
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            for (int[] columns : drawn) {
                for (int c = 0; c < columns.length; c++) {
                    columns[c] = random.nextInt(columns.length);
                }
            }
            double[] sums = new double[tables.length];
            for (int r = 0; r < rows; r++) {
                int row = random.nextInt(rows);
                for (int b = 0; b < tables.length; b++) {
                    for (int column : drawn[b]) {
                        sums[b] += tables[b][row][column];
                    }
                }
            }
            for (int b = 0; b < tables.length; b++) {
                means[i] += sums[b] / ((double) rows * drawn[b].length) / tables.length;
            }
        }
        return percentiles(sorted(means));
    }

    /**
     * The 95 % interval of a value that was computed from each of several resamples.
     *
     * @param draws the value in each resample; NaN where it is undefined
     * @return the interval, with the number of resamples in which the value is defined; null if it is defined in none
     */
    public static @Nullable Interval ofDraws(double[] draws) {
        double[] defined =
                sorted(Arrays.stream(draws).filter(draw -> !Double.isNaN(draw)).toArray());
        if (defined.length == 0) {
            return null;
        }
        Interval interval = percentiles(defined);
        return new Interval(interval.low(), interval.high(), defined.length);
    }

    private static double[] sorted(double[] values) {
        return Arrays.stream(values).sorted().toArray();
    }

    private static Interval percentiles(double[] sorted) {
        return new Interval(Quantile.ofSorted(sorted, 0.025), Quantile.ofSorted(sorted, 0.975));
    }
}
