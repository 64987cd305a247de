package dev.upbeat.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Observation of a trace in one no-grad pass: series over its T response positions (index 0 is the first response
 * token).
 *
 * @param logProbs log-probability of each response token, nats, [T]
 * @param entropyNats entropy of the distribution that each response token was drawn from, nats, [T]
 * @param waad windowed average attention distance (Eq. 9), tokens in [0, W], [T]
 * @param fai future attention influence (Eq. 10), attention weight in [0, 1], [T]; NaN where undefined
 * @param receiverFai Eq. 10 over the receiver heads, [T]; NaN where undefined; null if receivers are off
 * @param links the strongest earlier tokens of each response token; null if not requested
 * @param map mean maps over a range of positions; null if not requested
 * @param columns further series by name, such as path_flow, hidden_cosine, gradient_norm or a user's series, each [T],
 *     NaN where undefined; in the given order, unmodifiable
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
    /** Column of the flow through a token, {@code rhythm.PathFlow}. */
    public static final String PATH_FLOW = "path_flow";

    /** Column of the flow from the prompt to the answer through a token, {@code rhythm.AnswerFlow}. */
    public static final String FLOW = "flow";

    /** Column of the influence of a token's step on later steps, {@code rhythm.StepInfluence}. */
    public static final String STEP_INFLUENCE = "step_influence";

    /** Column of the cosine between a token's last hidden state and the mean over the response. */
    public static final String HIDDEN_COSINE = "hidden_cosine";

    /** Column of the norm of d log p(response) / d input embedding of a token. */
    public static final String GRADIENT_NORM = "gradient_norm";

    /** Column of a judge: share of its critiques that call the token's step wrong, in [0, 1]. */
    public static final String STEP_WRONG = "step_wrong";

    /** Column of a verifier: score of the token's step, in [0, 1]. */
    public static final String STEP_SCORE = "step_score";

    /** Column of the critics' mean value of the state in which a token was drawn, {@code learn.Critics}; unit: reward. */
    public static final String VALUE = "value";

    /** Column of the standard deviation of the critics' values; unit: reward. */
    public static final String VALUE_STD = "value_std";

    // Not a compact constructor, in which NullAway does not see that receiverFai may be null.
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

    /** An observation without further columns. */
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

    /** The same observation with a further column. */
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
     * The series with the given column name in a traces file.
     *
     * @return [T], NaN where undefined; null if there is no such series
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
