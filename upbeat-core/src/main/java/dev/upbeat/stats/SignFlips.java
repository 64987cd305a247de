package dev.upbeat.stats;

import java.util.SplittableRandom;

/**
 * The permutation test of paired differences (Fisher 1935): if the two sides do not differ, both signs of a difference
 * are equally probable. It assumes no distribution. With n pairs its p-value is never below 2 / 2^n.
 */
public final class SignFlips {
    /** Largest number of pairs whose sign combinations are all tried; with more, signs are drawn. */
    private static final int ENUMERATED = 16;

    /** Sums of the same numbers in another order differ by rounding; they count as equally extreme. */
    private static final double ROUNDING = 1e-12;

    private SignFlips() {}

    /**
     * The two-sided p-value of the mean.
     *
     * @param differences at least one
     * @param draws number of random sign combinations if there are too many to try all
     */
    public static double pValue(double[] differences, int draws, SplittableRandom random) {
        int n = differences.length;
        double bar = Math.abs(sum(differences, 0)) * (1 - ROUNDING);
        if (n <= ENUMERATED) {
            int extreme = 0;
            for (long signs = 0; signs < 1L << n; signs++) {
                extreme += Math.abs(sum(differences, signs)) >= bar ? 1 : 0;
            }
            return extreme / (double) (1L << n);
        }
        int extreme = 0;
        for (int i = 0; i < draws; i++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            extreme += Math.abs(sum) >= bar ? 1 : 0;
        }
        return (1.0 + extreme) / (1.0 + draws);
    }

    /** @param signs one bit per difference, set if its sign is flipped */
    private static double sum(double[] differences, long signs) {
        double sum = 0;
        for (int i = 0; i < differences.length; i++) {
            sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
        }
        return sum;
    }
}
