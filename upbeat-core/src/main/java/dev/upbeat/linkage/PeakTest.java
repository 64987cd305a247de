package dev.upbeat.linkage;

import dev.upbeat.stats.Interval;
import org.jspecify.annotations.Nullable;

/**
 * The mean score at peaks, held against chance.
 *
 * @param responses with at least one token in scope
 * @param tokens in scope of all responses
 * @param peaks among those tokens, >= 1
 * @param observed mean score at the peaks, pooled over the responses
 * @param chance value expected without a relation
 * @param lift (observed - chance) / chance; null if chance is 0
 * @param observedInterval of observed; null if fewer than 2 responses have peaks
 * @param liftInterval of the lift, with the chance of each resample; null if it is undefined
 * @param pValue one-sided: (1 + shuffles with a mean score at least as high) / (1 + shuffles)
 * @param shuffles behind the p-value
 */
public record PeakTest(
        int responses,
        int tokens,
        int peaks,
        double observed,
        double chance,
        @Nullable Double lift,
        @Nullable Interval observedInterval,
        @Nullable Interval liftInterval,
        double pValue,
        int shuffles) {
    /** Below so many responses a percentile bootstrap over them covers clearly less than 95%. */
    private static final int FEW = 10;

    /** Whether the intervals rest on too few responses, and are narrower than they should be. */
    public boolean intervalsTooNarrow() {
        return liftInterval != null && responses < FEW;
    }
}
