package dev.upbeat.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * @param columns further series by name, such as path_flow, hidden_cosine, gradient_norm or one of the user's own, each
 *     [T], NaN where undefined; in the order given, unmodifiable
 */
public record Observation(
        float[] logProbs,
        float[] entropyNats,
        float[] waad,
        float[] fai,
        float @Nullable [] receiverFai,
        @Nullable Links links,
        @Nullable MeanMaps map,
        Map<String, float[]> columns) {
    /** The column of the flow through a token, {@code rhythm.PathFlow}. */
    public static final String PATH_FLOW = "path_flow";

    /** The column of the cosine of a token's last hidden state with the mean over the response. */
    public static final String HIDDEN_COSINE = "hidden_cosine";

    /** The column of the norm of d log p(response) / d input embedding of a token. */
    public static final String GRADIENT_NORM = "gradient_norm";

    // Written out in full: in a compact constructor NullAway does not see that receiverFai may be null.
    public Observation(
            float[] logProbs,
            float[] entropyNats,
            float[] waad,
            float[] fai,
            float @Nullable [] receiverFai,
            @Nullable Links links,
            @Nullable MeanMaps map,
            Map<String, float[]> columns) {
        int t = logProbs.length;
        if (entropyNats.length != t
                || waad.length != t
                || fai.length != t
                || (receiverFai != null && receiverFai.length != t)) {
            throw new IllegalArgumentException("series lengths differ: " + t + " log-probs, " + entropyNats.length
                    + " entropies, " + waad.length + " WAAD, " + fai.length + " FAI"
                    + (receiverFai == null ? "" : ", " + receiverFai.length + " receiver FAI"));
        }
        columns.forEach((name, series) -> {
            if (series.length != t) {
                throw new IllegalArgumentException(
                        "series lengths differ: " + t + " log-probs, " + series.length + " values of " + name);
            }
        });
        this.logProbs = logProbs;
        this.entropyNats = entropyNats;
        this.waad = waad;
        this.fai = fai;
        this.receiverFai = receiverFai;
        this.links = links;
        this.map = map;
        this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /** Without further columns. */
    public Observation(
            float[] logProbs,
            float[] entropyNats,
            float[] waad,
            float[] fai,
            float @Nullable [] receiverFai,
            @Nullable Links links,
            @Nullable MeanMaps map) {
        this(logProbs, entropyNats, waad, fai, receiverFai, links, map, Map.of());
    }

    /** The same with a further column. */
    public Observation with(String name, float[] series) {
        Map<String, float[]> all = new LinkedHashMap<>(columns);
        all.put(name, series);
        return new Observation(logProbs, entropyNats, waad, fai, receiverFai, links, map, all);
    }

    /** T, the number of response tokens. */
    public int length() {
        return logProbs.length;
    }

    /**
     * A series by the name that its column has in a traces file.
     *
     * @return [T], NaN where undefined; null where there is none of this name
     */
    public float @Nullable [] series(String name) {
        return switch (name) {
            case "log_prob" -> logProbs;
            case "entropy_nats" -> entropyNats;
            case "waad" -> waad;
            case "fai" -> fai;
            case "receiver_fai" -> receiverFai;
            default -> columns.get(name);
        };
    }
}
