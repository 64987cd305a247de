package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a credit, as plain values; null means the default. A value out of range is rejected even if the
 * strategy does not read it.
 *
 * @param strategy name of a {@link Strategy}
 * @param amplification gamma_amp, above 0; default 1.5
 * @param share q, share of a response's tokens that is selected, in (0, 1], default 0.4; entropy-selection: share of the
 *     batch's tokens, default 0.2
 * @param alpha in [0, 1]; coupled-rhythm: fraction of a dominated anchor's bonus that its intro gets, default 0.5;
 *     prob-reweight: weight of the probability, default 0.3
 * @param lookback k, number of tokens before an anchor among which its intro is searched, at least 1; default 3
 * @param from {@code top} (default) or {@code bottom}: whether the highest or the lowest scores are selected
 * @param sign {@code both} (default), {@code positive} or {@code negative}: sign of the advantages to which gamma applies;
 *     for others gamma is 1
 * @param normalize {@code none} (default) or {@code mean}: whether gamma is divided by its mean over the response
 * @param gamma strategy constant: weight of every token, above 0
 * @param column strategy column: name of the series that holds gamma
 * @param className strategy class: name of a {@link CustomCredit}
 */
public record CreditOptions(
        String strategy,
        @Nullable Double amplification,
        @Nullable Double share,
        @Nullable Double alpha,
        @Nullable Integer lookback,
        @Nullable String from,
        @Nullable String sign,
        @Nullable String normalize,
        @Nullable Double gamma,
        @Nullable String column,
        @Nullable String className) {
    public static final double AMPLIFICATION = 1.5;
    public static final int LOOKBACK = 3;
    public static final String FROM = "top";
    public static final String SIGN = "both";
    public static final String NORMALIZE = "none";

    /** eta: tokens less likely than this are updated first. */
    private static final double LOPTI_ETA = 0.5;

    private static final int LARGEST_WEIGHT = 1_000_000;

    /** @throws BadInputException naming the key, if a value is out of range, missing or in conflict with the strategy */
    public CreditOptions {
        Strategy known = Strategy.of(strategy);
        requirePositive("amplification", amplification);
        requirePositive("gamma", gamma);
        if (share != null && !(share > 0 && share <= 1)) {
            throw wrong("share", share, "a number above 0 and at most 1");
        }
        if (alpha != null && !(alpha >= 0 && alpha <= 1)) {
            throw wrong("alpha", alpha, "a number from 0 to 1");
        }
        if (lookback != null && lookback < 1) {
            throw wrong("lookback", lookback, "at least 1 token");
        }
        requireOneOf("from", from, "top", "bottom");
        requireOneOf("sign", sign, "both", "positive", "negative");
        requireOneOf("normalize", normalize, "none", "mean");
        requireGiven(known, "gamma", gamma);
        requireGiven(known, "column", column);
        requireGiven(known, "class", className);
        if (known == Strategy.LOPTI && sign != null && !sign.equals("both")) {
            throw wrong("sign", sign, "both: lopti updates on every response, twice");
        }
        boolean selects = known == Strategy.LOPTI || known == Strategy.ENTROPY_SELECTION;
        if (selects && normalize != null && normalize.equals("mean")) {
            throw wrong("normalize", normalize, "none: " + strategy + " selects tokens and does not weight them");
        }
    }

    /** A strategy with its defaults. */
    public static CreditOptions of(String strategy) {
        return new CreditOptions(strategy, null, null, null, null, null, null, null, null, null, null);
    }

    private static void requirePositive(String key, @Nullable Double value) {
        // Gamma is f32, so the value must be positive and finite after rounding to f32.
        if (value != null && !((float) (double) value > 0 && value <= LARGEST_WEIGHT)) {
            throw wrong(key, value, "a number above 0 and at most " + LARGEST_WEIGHT);
        }
    }

    private static void requireOneOf(String key, @Nullable String value, String... known) {
        if (value != null && !List.of(known).contains(value)) {
            throw wrong(key, value, String.join(" or ", known));
        }
    }

    private static void requireGiven(Strategy strategy, String key, @Nullable Object value) {
        if (strategy.reads(key) && (value == null || value.equals(""))) {
            throw new BadInputException("credit: " + key + " is missing; strategy " + strategy + " needs it");
        }
    }

    private static BadInputException wrong(String key, Object value, String expected) {
        return new BadInputException("credit: " + key + " is " + value + "; expected " + expected);
    }

    /** The given keys that the strategy does not read. */
    public List<String> unread() {
        Strategy known = Strategy.of(strategy);
        return given().keySet().stream().filter(key -> !known.reads(key)).toList();
    }

    /** The strategy and all options that it reads, with defaults filled in. Result files record them. */
    public Map<String, Object> resolved() {
        Strategy known = Strategy.of(strategy);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("amplification", AMPLIFICATION);
        values.put("share", known.defaultShare());
        values.put("alpha", known.defaultAlpha());
        values.put("lookback", LOOKBACK);
        values.put("from", FROM);
        values.putAll(given());
        values.keySet().removeIf(key -> !known.reads(key));
        Map<String, Object> resolved = new LinkedHashMap<>();
        resolved.put("strategy", strategy);
        resolved.putAll(values);
        resolved.put("sign", sign == null ? SIGN : sign);
        resolved.put("normalize", normalize == null ? NORMALIZE : normalize);
        return resolved;
    }

    /** The given options by key, except strategy, sign and normalize. */
    private Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        put(given, "amplification", amplification);
        put(given, "share", share);
        put(given, "alpha", alpha);
        put(given, "lookback", lookback);
        put(given, "from", from);
        put(given, "gamma", gamma);
        put(given, "column", column);
        put(given, "class", className);
        return given;
    }

    private static void put(Map<String, Object> given, String key, @Nullable Object value) {
        if (value != null) {
            given.put(key, value);
        }
    }

    /** @throws BadInputException if the user's class cannot be used */
    public Credit credit() {
        Strategy known = Strategy.of(strategy);
        if (known == Strategy.LOPTI) {
            return new Lopti(LOPTI_ETA);
        }
        Resolved values = new Resolved(resolved());
        GammaCredit credit =
                switch (known) {
                    case UNIFORM -> new Constant(1);
                    case CONSTANT -> new Constant(values.number("gamma"));
                    case RANDOM -> new RandomTokens(values.number("share"), values.number("amplification"));
                    case HIGH_ENTROPY -> new TopScore("entropy_nats", values.selection());
                    case LOCAL_CHUNK -> new LocalChunk(values.selection());
                    case GLOBAL_ANCHOR -> new GlobalAnchor(values.selection());
                    case COUPLED_RHYTHM ->
                        new CoupledRhythm(values.selection(), values.number("alpha"), (int) values.number("lookback"));
                    case ENTROPY_SELECTION -> new EntropySelection(values.number("share"), values.is("from", "bottom"));
                    case PROB_REWEIGHT -> new ProbReweight(values.number("alpha"));
                    case LOPTI -> throw new IllegalStateException("lopti does not weight tokens");
                    case GRADIENT -> new TopScore(Observation.GRADIENT_NORM, values.selection());
                    case PATH_AGGREGATION -> new TopScore(Observation.PATH_FLOW, values.selection());
                    case TOKEN_CORRELATION -> new TopScore(Observation.HIDDEN_COSINE, values.selection());
                    case COLUMN -> new GammaColumn(values.text("column"));
                    case CLASS -> CustomClass.load(values.text("class"));
                };
        Sign signs = Sign.valueOf(values.text("sign").toUpperCase(Locale.ROOT));
        boolean meanOne = values.is("normalize", "mean");
        return signs == Sign.BOTH && !meanOne ? credit : new SignAndMeanCredit(credit, signs, meanOne);
    }

    /** The resolved values by key. A strategy may ask only for keys that it reads. */
    private record Resolved(Map<String, Object> values) {
        String text(String key) {
            return String.valueOf(values.get(key));
        }

        boolean is(String key, String value) {
            return value.equals(values.get(key));
        }

        double number(String key) {
            return ((Number) Objects.requireNonNull(values.get(key), key)).doubleValue();
        }

        Selection selection() {
            return new Selection(number("share"), is("from", "bottom"), number("amplification"));
        }
    }
}
