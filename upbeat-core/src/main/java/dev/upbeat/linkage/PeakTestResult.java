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
 * @param chance mean of observed over shuffles of the peaks' positions within each response: the null of the p-value
 * @param pooled mean score of all tokens in scope, pooled over the responses: "random" in the paper's tables for the first
 *     two linkages. It differs from chance if responses with a higher mean score have more, or fewer, peaks per token
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
        double pooled,
        @Nullable Double lift,
        @Nullable Interval observedInterval,
        @Nullable Interval liftInterval,
        double pValue,
        int shuffles) {
    /** With fewer responses, the coverage of a percentile bootstrap over them is clearly below 95%. */
    private static final int FEW = 10;

    private static final double SIGNIFICANT = 0.05;

    /** What the test shows. */
    enum Direction {
        ABOVE,
        BELOW,
        UNCLEAR,
        /** No lift or no interval: chance is 0, or too few responses have peaks. */
        UNTESTED
    }

    /**
     * What the test shows. The interval and the one-sided p must both exclude chance, because with few responses the interval
     * alone is too narrow.
     */
    Direction direction() {
        if (lift == null || liftInterval == null) {
            return Direction.UNTESTED;
        }
        if (liftInterval.low() > 0 && pValue <= SIGNIFICANT) {
            return Direction.ABOVE;
        }
        return liftInterval.high() < 0 && pValue >= 1 - SIGNIFICANT ? Direction.BELOW : Direction.UNCLEAR;
    }

    /** Whether the intervals are narrower than they should be, because there are too few responses. */
    public boolean intervalsTooNarrow() {
        return liftInterval != null && responses < FEW;
    }
}
