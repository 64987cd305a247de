package dev.upbeat.series;

import java.util.stream.IntStream;

/** Quantiles of a series, linear between the sorted values (type 7 of Hyndman and Fan, the default of NumPy and R). */
public final class Quantile {
    private Quantile() {}

    /**
     * The quantile of the defined values. That of 0.5 is the {@link Median}.
     *
     * @param series NaN where undefined
     * @param q from 0 (the least value) to 1 (the largest)
     * @return NaN if no value is defined
     */
    public static double of(float[] series, double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile " + q + ": expected a number from 0 to 1");
        }
        double[] sorted = IntStream.range(0, series.length)
                .mapToDouble(t -> series[t])
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return ofSorted(sorted, q);
    }

    /**
     * The quantile of values in ascending order.
     *
     * @param sorted at least one, no NaN
     * @param q from 0 (the first value) to 1 (the last)
     */
    public static double ofSorted(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
