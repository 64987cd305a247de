package dev.upbeat.stats;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The gain of a method over a baseline on the same seeds and problems.
 *
 * @param mean difference and its spread over seeds
 * @param t 95 % t interval over seeds; null if all seeds have the same difference, as are tP and pairsNeeded
 * @param bootstrap 95 % bootstrap interval, over seeds and problems if the results of the problems are known, else over
 *     seeds
 * @param tP two-sided p-value of the paired t-test
 * @param flipP two-sided p-value by sign flips, never below 2 / 2^n
 * @param pairsNeeded number of seeds with which a difference of this size and spread would be found four times out of five;
 *     null also if the difference is 0
 */
public record PairedDifference(
        MeanEstimate mean,
        @Nullable Interval t,
        Interval bootstrap,
        @Nullable Double tP,
        double flipP,
        @Nullable Integer pairsNeeded) {
    private static final int DRAWS = 10_000;

    /**
     * @param differences one per seed, at least two
     * @param problems differences of each seed by problem, [benchmarks][seeds][problems]; a difference is then the
     *     plain average over benchmarks; null if they are not known
     */
    public static PairedDifference of(double[] differences, double @Nullable [][][] problems, long seed) {
        MeanEstimate mean = MeanEstimate.of(differences);
        SplittableRandom random = new SplittableRandom(seed);
        return new PairedDifference(
                mean,
                mean.interval(),
                problems == null
                        ? Bootstrap.ofMean(differences, Bootstrap.RESAMPLES, random)
                        : Bootstrap.ofCrossedMean(problems, Bootstrap.RESAMPLES, random),
                mean.pValue(),
                SignFlips.pValue(differences, DRAWS, random),
                mean.mean() == 0 || mean.sd() == 0 ? null : Power.pairsNeeded(mean.mean(), mean.sd()));
    }
}
