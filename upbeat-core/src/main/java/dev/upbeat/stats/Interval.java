package dev.upbeat.stats;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A 95 % interval, in the unit of the value.
 *
 * @param resamples in which the value was defined, behind a bootstrap interval over responses; null for other intervals
 */
public record Interval(
        double low,
        double high,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer resamples) {
    /** An interval that names no resamples. */
    public Interval(double low, double high) {
        this(low, high, null);
    }

    private static final double Z = 1.959963984540054; // 97.5 % point of the normal distribution

    /**
     * Wilson's score interval (1927) of a share.
     *
     * @param share of the trials that succeeded, 0 to 1
     * @param trials at least 1
     */
    public static Interval wilson(double share, long trials) {
        double z2n = Z * Z / trials;
        double centre = share + z2n / 2;
        double half = Z * Math.sqrt(share * (1 - share) / trials + z2n / (4 * trials));
        // At the ends, rounding would leave a tiny rest.
        return new Interval(share == 0 ? 0 : (centre - half) / (1 + z2n), share == 1 ? 1 : (centre + half) / (1 + z2n));
    }

    /** Whether a value lies in it, its ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
