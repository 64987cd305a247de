package dev.upbeat.stats;

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
     * 0712.1111). Rows and columns are drawn separately, so the interval covers other seeds as well as other problems. It is
     * wider than an interval over the rows alone.
     *
     * @param table rows of equal length, for example [seeds][problems]; at least two rows and two columns
     */
    public static Interval ofCrossedMean(double[][] table, int resamples, SplittableRandom random) {
        int rows = table.length;
        MeanEstimate.requireTwo(rows);
        int columns = table[0].length;
        MeanEstimate.requireTwo(columns);
        double[] means = new double[resamples];
        int[] drawn = new int[columns];
        for (int i = 0; i < resamples; i++) {
            for (int c = 0; c < columns; c++) {
                drawn[c] = random.nextInt(columns);
            }
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                double[] row = table[random.nextInt(rows)];
                for (int column : drawn) {
                    sum += row[column];
                }
            }
            means[i] = sum / ((double) rows * columns);
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
        return new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    /** Quantile by linear interpolation between order statistics, the default of NumPy. */
    private static double quantile(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
