package dev.upbeat.stats;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 95 % interval, in the unit of the value.
 *
 * @param resamples number of bootstrap resamples over responses in which the value was defined; null for other intervals
 */
public record Interval(
        double low,
        double high,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer resamples) {
    /** An interval without a number of resamples. */
    public Interval(double low, double high) {
        this(low, high, null);
    }

    private static final double Z = 1.959963984540054; // 97.5 % point of the normal distribution

    /**
     * Wilson's score interval (1927) of a share.
     *
     * @param share share of the trials that succeeded, 0 to 1
     * @param trials number of trials, at least 1
     */
    public static Interval wilson(double share, long trials) {
        double z2n = Z * Z / trials;
        double centre = share + z2n / 2;
        double half = Z * Math.sqrt(share * (1 - share) / trials + z2n / (4 * trials));
        // For shares of 0 and 1, rounding would leave a tiny difference from the end.
        return new Interval(share == 0 ? 0 : (centre - half) / (1 + z2n), share == 1 ? 1 : (centre + half) / (1 + z2n));
    }

    /**
     * The interval of the plain average of independent values, from the interval of each (MOVER: Zou and Donner,
     * Statistics in Medicine 27, 2008): the distances from the values to their ends, squared, add up as variances do.
     * Unlike a bootstrap it has a width even if all problems of a benchmark have the same result.
     *
     * @param values [n], n at least 1
     * @param intervals of the values, [n]
     */
    public static Interval ofAverage(double[] values, List<Interval> intervals) {
        double sum = 0;
        double below = 0;
        double above = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
            below += Math.pow(values[i] - intervals.get(i).low, 2);
            above += Math.pow(intervals.get(i).high - values[i], 2);
        }
        int n = values.length;
        return new Interval((sum - Math.sqrt(below)) / n, (sum + Math.sqrt(above)) / n);
    }

    /** Whether the interval contains a value; both ends are included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
