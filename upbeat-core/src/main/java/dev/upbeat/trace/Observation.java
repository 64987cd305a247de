package dev.upbeat.trace;

import org.jspecify.annotations.Nullable;

/**
 * What one no-grad pass saw of a trace, over its T response positions (index 0 is the first response token).
 *
 * @param logProbs log-probability of each response token, nats, [T]
 * @param entropyNats entropy of the distribution that each response token was drawn from, nats, [T]
 * @param waad windowed average attention distance (Eq. 9), tokens in [0, W], [T]
 * @param fai future attention influence (Eq. 10), attention weight in [0, 1], [T]; NaN where undefined
 * @param receiverFai Eq. 10 over the receiver heads, [T]; NaN where undefined; null where receivers were not asked for
 * @param links the strongest earlier tokens of each response token; null where not asked for
 * @param map the mean maps of a window; null where not asked for
 */
public record Observation(
        float[] logProbs,
        float[] entropyNats,
        float[] waad,
        float[] fai,
        float @Nullable [] receiverFai,
        @Nullable Links links,
        @Nullable MapWindow map) {
    // Written out in full: in a compact constructor NullAway does not see that receiverFai may be null.
    public Observation(
            float[] logProbs,
            float[] entropyNats,
            float[] waad,
            float[] fai,
            float @Nullable [] receiverFai,
            @Nullable Links links,
            @Nullable MapWindow map) {
        int t = logProbs.length;
        if (entropyNats.length != t
                || waad.length != t
                || fai.length != t
                || (receiverFai != null && receiverFai.length != t)) {
            throw new IllegalArgumentException("series lengths differ: " + t + " log-probs, " + entropyNats.length
                    + " entropies, " + waad.length + " WAAD, " + fai.length + " FAI"
                    + (receiverFai == null ? "" : ", " + receiverFai.length + " receiver FAI"));
        }
        this.logProbs = logProbs;
        this.entropyNats = entropyNats;
        this.waad = waad;
        this.fai = fai;
        this.receiverFai = receiverFai;
        this.links = links;
        this.map = map;
    }
}
