package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a credit. A value out of range is rejected even if the strategy does not read it. The keys:
 *
 * <ul>
 *   <li>amplification: gamma_amp, above 0; default 1.5
 *   <li>share: q, share of a response's tokens that is selected, in (0, 1], default 0.4; entropy-selection: share of the
 *       batch's tokens, default 0.2
 *   <li>alpha: in [0, 1]; coupled-rhythm: fraction of a dominated anchor's bonus that its intro gets, default 0.5;
 *       prob-reweight: weight of the probability, default 0.3
 *   <li>lookback: k, number of tokens before an anchor among which its intro is searched, at least 1; default 3
 *   <li>from: {@code top} (default) or {@code bottom}: whether the highest or the lowest scores are selected
 *   <li>sign: {@code both} (default), {@code positive} or {@code negative}: sign of the advantages to which gamma applies;
 *       for others gamma is 1
 *   <li>normalize: {@code none} (default) or {@code mean}: whether gamma is divided by its mean over the response
 *   <li>gamma: strategy constant: weight of every token, above 0
 *   <li>column: strategy column: name of the series that holds gamma
 *   <li>class: strategy class: name of a {@link CustomCredit}
 * </ul>
 *
 * @param strategy name of a {@link Strategy}
 * @param given values by key, in the order above; a key that is absent or null has its default
 */
public record CreditOptions(String strategy, Map<String, @Nullable Object> given) {
    public static final double AMPLIFICATION = 1.5;
    public static final int LOOKBACK = 3;
    public static final String FROM = "top";
    public static final String SIGN = "both";
    public static final String NORMALIZE = "none";

    /** eta: tokens less likely than this are updated first. */
    private static final double LOPTI_ETA = 0.5;

    private static final int LARGEST_WEIGHT = 1_000_000;

    private static final List<String> KEYS = List.of(
            "amplification", "share", "alpha", "lookback", "from", "sign", "normalize", "gamma", "column", "class");

    /** @throws BadInputException naming the key, if a value is out of range, missing or in conflict with the strategy */
    public CreditOptions {
        if (!KEYS.containsAll(given.keySet())) {
            throw new IllegalArgumentException("credit has no keys " + given.keySet() + "; expected some of " + KEYS);
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String key : KEYS) {
            Object value = given.get(key);
            if (value != null) {
                values.put(key, type(key).cast(value));
            }
        }
        given = Collections.unmodifiableMap(values);
        Strategy known = Strategy.of(strategy);
        requirePositive(given, "amplification");
        requirePositive(given, "gamma");
        if (given.get("share") instanceof Double share && !(share > 0 && share <= 1)) {
            throw wrong("share", share, "a number above 0 and at most 1");
        }
        if (given.get("alpha") instanceof Double alpha && !(alpha >= 0 && alpha <= 1)) {
            throw wrong("alpha", alpha, "a number from 0 to 1");
        }
        if (given.get("lookback") instanceof Integer lookback && lookback < 1) {
            throw wrong("lookback", lookback, "at least 1 token");
        }
        requireOneOf(given, "from", "top", "bottom");
        requireOneOf(given, "sign", "both", "positive", "negative");
        requireOneOf(given, "normalize", "none", "mean");
        for (String key : List.of("gamma", "column", "class")) {
            if (known.reads(key) && "".equals(given.getOrDefault(key, ""))) {
                throw new BadInputException("credit: " + key + " is missing; strategy " + strategy + " needs it");
            }
        }
        if (known == Strategy.LOPTI && !SIGN.equals(given.getOrDefault("sign", SIGN))) {
            throw wrong("sign", String.valueOf(given.get("sign")), "both: lopti updates on every response, twice");
        }
        boolean selects = known == Strategy.LOPTI || known == Strategy.ENTROPY_SELECTION;
        if (selects && "mean".equals(given.get("normalize"))) {
            throw wrong("normalize", "mean", "none: " + strategy + " selects tokens and does not weight them");
        }
    }

    private static Class<?> type(String key) {
        return switch (key) {
            case "amplification", "share", "alpha", "gamma" -> Double.class;
            case "lookback" -> Integer.class;
            default -> String.class;
        };
    }

    /** A strategy with its defaults. */
    public static CreditOptions of(String strategy) {
        return new CreditOptions(strategy, Map.of());
    }

    private static void requirePositive(Map<String, @Nullable Object> given, String key) {
        // Gamma is f32, so the value must be positive and finite after rounding to f32.
        if (given.get(key) instanceof Double value && !(value.floatValue() > 0 && value <= LARGEST_WEIGHT)) {
            throw wrong(key, value, "a number above 0 and at most " + LARGEST_WEIGHT);
        }
    }

    private static void requireOneOf(Map<String, @Nullable Object> given, String key, String... known) {
        Object value = given.get(key);
        if (value != null && !List.of(known).contains(value)) {
            throw wrong(key, value, String.join(" or ", known));
        }
    }

    private static BadInputException wrong(String key, Object value, String expected) {
        return new BadInputException("credit: " + key + " is " + value + "; expected " + expected);
    }

    /** The given keys that the strategy does not read. */
    public List<String> unread() {
        Strategy known = Strategy.of(strategy);
        return given.keySet().stream()
                .filter(key -> !known.reads(key) && !key.equals("sign") && !key.equals("normalize"))
                .toList();
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
        values.putAll(given);
        values.keySet().removeIf(key -> !known.reads(key));
        Map<String, Object> resolved = new LinkedHashMap<>();
        resolved.put("strategy", strategy);
        resolved.putAll(values);
        resolved.put("sign", given.getOrDefault("sign", SIGN));
        resolved.put("normalize", given.getOrDefault("normalize", NORMALIZE));
        return resolved;
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
