package dev.upbeat.linkage;

import dev.upbeat.trace.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of one response from which peaks are taken, over its T tokens.
 *
 * @param waad Eq. 9, tokens, [T]
 * @param fai Eq. 10 over the global heads, attention weight, [T]; NaN where undefined
 * @param receiverFai Eq. 10 over the receiver heads, [T]; NaN where undefined; null if receivers are off
 * @param entropyNats entropy of the distribution that each token was drawn from, nats, [T]
 * @param tokens text of each token, [T]; null without a tokenizer
 */
public record TokenSeries(
        float[] waad,
        float[] fai,
        float @Nullable [] receiverFai,
        float[] entropyNats,
        @Nullable List<String> tokens) {
    // Not a compact constructor, which would lose the @Nullable of the array.
    public TokenSeries(
            float[] waad,
            float[] fai,
            float @Nullable [] receiverFai,
            float[] entropyNats,
            @Nullable List<String> tokens) {
        int t = waad.length;
        if (fai.length != t
                || entropyNats.length != t
                || (receiverFai != null && receiverFai.length != t)
                || (tokens != null && tokens.size() != t)) {
            throw new IllegalArgumentException("series lengths differ: " + t + " WAAD, " + fai.length + " FAI, "
                    + (receiverFai == null ? "no" : receiverFai.length) + " receiver FAI, " + entropyNats.length
                    + " entropies, " + (tokens == null ? "no" : tokens.size()) + " token texts");
        }
        this.waad = waad;
        this.fai = fai;
        this.receiverFai = receiverFai;
        this.entropyNats = entropyNats;
        this.tokens = tokens;
    }

    /** @param tokens text of each response token, [T]; null without a tokenizer */
    public static TokenSeries of(Observation observation, @Nullable List<String> tokens) {
        return new TokenSeries(
                observation.waad(), observation.fai(), observation.receiverFai(), observation.entropyNats(), tokens);
    }

    /** T, the number of response tokens. */
    public int length() {
        return waad.length;
    }

    float @Nullable [] of(Metric metric) {
        return switch (metric) {
            case RECEIVER_FAI -> receiverFai;
            case GLOBAL_FAI -> fai;
            case WAAD -> waad;
            case ENTROPY -> entropyNats;
        };
    }
}
