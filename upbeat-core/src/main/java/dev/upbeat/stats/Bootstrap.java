package dev.upbeat.stats;

import dev.upbeat.series.Quantile;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap intervals of a mean (Efron 1979). With few values they are too narrow: three values have ten distinct
 * resamples, so the t interval of {@link MeanEstimate} comes first there.
 */
public final class Bootstrap {
    /** Draws of an interval: its ends then vary by some hundredths of its width. */
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
        Arrays.sort(means);
        return new Interval(Quantile.of(means, 0.025), Quantile.of(means, 0.975));
    }

    /**
     * The 95 % interval of the mean of a table whose rows and columns are both samples (Owen's pigeonhole bootstrap, arXiv
     * 0712.1111): rows and columns are drawn apart, so that it covers other seeds and other problems alike. It is wider than
     * the rows alone would have it.
     *
     * @param table rows of equal length, say [seeds][problems], at least two of both
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
        Arrays.sort(means);
        return new Interval(Quantile.of(means, 0.025), Quantile.of(means, 0.975));
    }
}
