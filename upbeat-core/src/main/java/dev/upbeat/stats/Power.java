package dev.upbeat.stats;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Number of pairs that a two-sided paired t-test at 5 % needs. */
public final class Power {
    /** Largest number of pairs that is reported; no grid has more. */
    public static final int MOST = 10_000;

    private static final double ALPHA = 0.05;
    private static final double WANTED = 0.8;

    /** Points of the integral over the sample's spread. More points change the power by less than 1e-4. */
    private static final int POINTS = 400;

    private Power() {}

    /**
     * The probability that the test rejects.
     *
     * @param effect the true mean difference in standard deviations of the differences
     * @param n pairs, at least two
     */
    public static double ofPairedT(double effect, int n) {
        MeanEstimate.requireTwo(n);
        int df = n - 1;
        double critical = TDistribution.of(df).inverseSurvivalProbability(ALPHA / 2);
        double shift = Math.abs(effect) * Math.sqrt(n);
        NormalDistribution normal = NormalDistribution.of(0, 1);
        ChiSquaredDistribution spread = ChiSquaredDistribution.of(df);
        // T = (Z + shift) / s with s^2 = chi^2 / df: the mean over s of the normal probability that |T| exceeds the
        // critical t.
        double power = 0;
        for (int i = 0; i < POINTS; i++) {
            double s = Math.sqrt(spread.inverseCumulativeProbability((i + 0.5) / POINTS) / df);
            power += normal.survivalProbability(critical * s - shift)
                    + normal.cumulativeProbability(-critical * s - shift);
        }
        return power / POINTS;
    }

    /**
     * The smallest number of pairs with which a difference is found four times out of five.
     *
     * @param difference the true mean difference, not 0
     * @param sd standard deviation of the differences, above 0
     * @return at least 2; {@link #MOST} + 1 if {@link #MOST} pairs are not enough
     */
    public static int pairsNeeded(double difference, double sd) {
        if (difference == 0 || sd <= 0 || Double.isNaN(difference) || Double.isNaN(sd)) {
            throw new IllegalArgumentException(
                    "a difference of " + difference + " with a standard deviation of " + sd + " cannot be detected");
        }
        double effect = difference / sd;
        int low = 1; // too few
        int high = MOST + 1; // enough, or more than is reported
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (ofPairedT(effect, middle) >= WANTED) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }
}
