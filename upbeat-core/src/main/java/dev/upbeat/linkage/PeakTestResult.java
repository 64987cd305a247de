package dev.upbeat.linkage;

import dev.upbeat.stats.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Test of the mean score at peaks against chance.
 *
 * @param responses number of responses with at least one token in scope
 * @param tokens number of tokens in scope, over all responses
 * @param peaks number of peaks among these tokens, at least 1
 * @param observed mean score at the peaks, pooled over the responses
 * @param chance value expected without a relation
 * @param lift (observed - chance) / chance; null if chance is 0
 * @param observedInterval interval of observed; null if fewer than 2 responses have peaks
 * @param liftInterval interval of the lift, with the chance of each resample; null if it is undefined
 * @param pValue one-sided: (1 + shuffles with a mean score at least as high) / (1 + shuffles)
 * @param shuffles number of shuffles for the p-value
 */
public record PeakTestResult(
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
    /** With fewer responses, the coverage of a percentile bootstrap over them is clearly below 95%. */
    private static final int FEW = 10;

    /** Whether the intervals are narrower than they should be, because there are too few responses. */
    public boolean intervalsTooNarrow() {
        return liftInterval != null && responses < FEW;
    }
}
