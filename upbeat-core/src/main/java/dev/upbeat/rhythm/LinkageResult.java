package dev.upbeat.rhythm;

import org.jspecify.annotations.Nullable;

/**
 * One linkage over one scope of tokens. Observed and chance are nats for {@link LinkageKind#ENTROPY_AT_WAAD_PEAKS} and
 * shares in [0, 1] for the others.
 *
 * @param responses responses with at least one token in scope
 * @param tokens tokens in scope of all responses: where both series are defined and nothing leaves them out
 * @param peaks of the linkage's own series among those tokens, >= 1
 * @param observed mean score at the peaks, pooled over the responses
 * @param chance what to expect without a linkage
 * @param lift (observed - chance) / chance; null where chance is 0
 * @param observedInterval of observed; null where fewer than 2 responses have peaks
 * @param liftInterval of the lift, chance taken anew in each resample; null where it cannot be had
 * @param pValue one-sided: (1 + shuffles with a mean score at least as high) / (1 + shuffles), the peaks' positions
 *     shuffled within each response, their count kept
 * @param shuffles behind the p-value
 */
public record LinkageResult(
        LinkageKind kind,
        TokenScope scope,
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

    static LinkageResult of(LinkageKind kind, TokenScope scope, PeakTest test) {
        return new LinkageResult(
                kind,
                scope,
                test.responses(),
                test.tokens(),
                test.peaks(),
                test.observed(),
                test.chance(),
                test.lift(),
                test.observedInterval(),
                test.liftInterval(),
                test.pValue(),
                test.shuffles());
    }
}
