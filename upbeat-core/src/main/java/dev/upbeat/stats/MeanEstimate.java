package dev.upbeat.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * The mean of a sample with Student's t interval, for values that are independent and about normal.
 *
 * @param n number of values, at least two
 * @param mean mean of the values
 * @param sd standard deviation with n - 1
 */
public record MeanEstimate(int n, double mean, double sd) {
    /** Relative difference up to which values count as equal. */
    private static final double ROUNDING = 1e-12;

    public static MeanEstimate of(double[] values) {
        requireTwo(values.length);
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double sd = Math.sqrt(squares / (values.length - 1));
        return new MeanEstimate(values.length, mean, sd <= ROUNDING * Math.abs(mean) ? 0 : sd);
    }

    static void requireTwo(int n) {
        if (n < 2) {
            throw new IllegalArgumentException(n + " values have no spread; expected at least 2");
        }
    }

    /** The 95 % t interval of the mean; null if all values are equal, because they do not show their spread. */
    public @Nullable Interval interval() {
        if (sd == 0) {
            return null;
        }
        double half = t().inverseSurvivalProbability(0.025) * standardError();
        return new Interval(mean - half, mean + half);
    }

    /**
     * The two-sided p-value of the t-test that the true mean is 0. For differences this is the paired t-test. Null if all
     * values are equal.
     */
    public @Nullable Double pValue() {
        return sd == 0 ? null : 2 * t().survivalProbability(Math.abs(mean) / standardError());
    }

    public double standardError() {
        return sd / Math.sqrt(n);
    }

    private TDistribution t() {
        return TDistribution.of(n - 1);
    }
}
