package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Observation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a credit: a strategy and values of {@link CreditKey}. A value out of range is rejected even if the
 * strategy does not read it.
 *
 * @param strategy name of a {@link Strategy}
 * @param given values by the names of the keys, in their order; a key that is absent or null has its default
 */
public record CreditOptions(String strategy, Map<String, @Nullable Object> given) {

    /** @throws BadInputException naming the key, if a value is out of range, missing or in conflict with the strategy */
    public CreditOptions {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        given.keySet().forEach(CreditKey::of); // rejects unknown names
        for (CreditKey key : CreditKey.values()) {
            Object value = given.get(key.toString());
            if (value != null) {
                key.check(value);
                values.put(key.toString(), value);
            }
        }
        given = Collections.unmodifiableMap(values);
        Strategy known = Strategy.of(strategy);
        thresholds(given);
        for (CreditKey key : List.of(CreditKey.GAMMA, CreditKey.COLUMN, CreditKey.CLASS)) {
            if (known.reads(key.toString()) && "".equals(given.getOrDefault(key.toString(), ""))) {
                throw new BadInputException("credit: " + key + " is missing; strategy " + strategy + " needs it");
            }
        }
        requireNoConflict(known, given);
    }

    /** Parses the given thresholds, which rejects other forms. */
    private static void thresholds(Map<String, @Nullable Object> given) {
        if (given.get("tau_waad") instanceof String text) {
            Threshold.parse("tau_waad", text);
        }
        if (given.get("tau_delta") instanceof String text && !text.equals(CreditKey.PREPLAN)) {
            Threshold.parse("tau_delta", text, CreditKey.PREPLAN);
        }
    }

    private static void requireNoConflict(Strategy strategy, Map<String, @Nullable Object> given) {
        String sign = String.valueOf(given.getOrDefault("sign", "both"));
        boolean updatesTwice = strategy == Strategy.LOPTI || strategy == Strategy.REWEIGHT_LOPTI;
        if (updatesTwice && !sign.equals("both")) {
            throw CreditKey.SIGN.wrong(sign, "both: " + strategy + " updates on every response, twice");
        }
        boolean ownAdvantages = strategy == Strategy.CAPO || strategy == Strategy.ASYPPO;
        if (ownAdvantages && (!sign.equals("both") || "mean".equals(given.get("normalize")))) {
            CreditKey key = sign.equals("both") ? CreditKey.NORMALIZE : CreditKey.SIGN;
            throw key.wrong(
                    String.valueOf(given.get(key.toString())),
                    key.usual() + ": " + strategy + " has advantages of its own, no weights");
        }
        requireSameAmplification(sign, given);
        requireReceivers(strategy, given);
        boolean selects = updatesTwice || strategy == Strategy.ENTROPY_SELECTION;
        if (selects && "mean".equals(given.get("normalize"))) {
            throw CreditKey.NORMALIZE.wrong("mean", "none: " + strategy + " selects tokens and does not weight them");
        }
    }

    /** With a sign, one of the two amplifications would apply to no response. */
    private static void requireSameAmplification(String sign, Map<String, @Nullable Object> given) {
        Object negative = given.getOrDefault("amplification_negative", CreditKey.SAME);
        if (!sign.equals("both") && !CreditKey.SAME.equals(negative)) {
            throw CreditKey.AMPLIFICATION_NEGATIVE.wrong(
                    String.valueOf(negative),
                    CreditKey.SAME + " with sign " + sign + ", by which "
                            + (sign.equals("positive")
                                    ? "negative advantages are not weighted"
                                    : "amplification applies to negative advantages only")
                            + "; or give sign both");
        }
    }

    private static void requireReceivers(Strategy strategy, Map<String, @Nullable Object> given) {
        if (!"receivers".equals(given.get("heads"))) {
            return;
        }
        if (strategy == Strategy.LOCAL_CHUNK) {
            throw CreditKey.HEADS.wrong("receivers", "targeted or all: " + strategy + " reads WAAD, not FAI");
        }
        if (strategy == Strategy.CLASS) {
            throw CreditKey.HEADS.wrong(
                    "receivers", "targeted or all: a class reads receiver_fai itself, if needs() names it");
        }
    }

    /** A strategy with its defaults. */
    public static CreditOptions of(String strategy) {
        return new CreditOptions(strategy, Map.of());
    }

    /** The same strategy with another value of a key. */
    public CreditOptions with(CreditKey key, Object value) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(given);
        values.put(key.toString(), value);
        return new CreditOptions(strategy, values);
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
        Map<String, Object> resolved = new LinkedHashMap<>();
        resolved.put("strategy", strategy);
        for (CreditKey key : CreditKey.values()) {
            Object value = given.getOrDefault(key.toString(), known.usual(key));
            if (value != null && (known.reads(key.toString()) || key == CreditKey.SIGN || key == CreditKey.NORMALIZE)) {
                resolved.put(key.toString(), value);
            }
        }
        return resolved;
    }

    /** @throws BadInputException if the user's class cannot be used */
    public Credit credit() {
        Strategy known = Strategy.of(strategy);
        Resolved values = new Resolved(resolved());
        if (known == Strategy.LOPTI) {
            return new Lopti(values.number("eta"), 0);
        }
        if (known == Strategy.REWEIGHT_LOPTI) {
            return new Lopti(values.number("eta"), values.number("alpha"));
        }
        if (known == Strategy.CAPO) {
            Capo.Vote vote = Capo.Vote.valueOf(values.text("vote").toUpperCase(Locale.ROOT));
            return new Capo(vote, values.number("outcome_reward"), values.number("step_penalty"));
        }
        if (known == Strategy.ASYPPO) {
            return new AsyPpo(
                    (int) values.number("critic_warmup"),
                    values.number("certain_share"),
                    values.number("uncertain_share"));
        }
        GammaCredit credit = gammaCredit(known, values);
        String negative = values.text("amplification_negative");
        if (known.reads("amplification") && !negative.equals(CreditKey.SAME)) {
            Resolved other = values.with("amplification", Double.valueOf(negative));
            credit = new AmplificationBySign(credit, gammaCredit(known, other));
        }
        Sign signs = Sign.valueOf(values.text("sign").toUpperCase(Locale.ROOT));
        boolean meanOne = values.is("normalize", "mean");
        return signs == Sign.BOTH && !meanOne ? credit : new SignAndMeanCredit(credit, signs, meanOne);
    }

    private static GammaCredit gammaCredit(Strategy known, Resolved values) {
        return switch (known) {
            case UNIFORM -> new Constant(1);
            case CONSTANT -> new Constant(values.number("gamma"));
            case RANDOM -> new RandomTokens(values.number("share"), values.number("amplification"));
            case HIGH_ENTROPY -> new TopScore("entropy_nats", values.selection());
            case LOCAL_CHUNK -> new LocalChunk(values.selection());
            case GLOBAL_ANCHOR -> new GlobalAnchor(values.selection(), values.fai());
            case COUPLED_RHYTHM ->
                new CoupledRhythm(
                        values.selection(), values.fai(), values.number("alpha"), values.coupling(), values.shares());
            case ENTROPY_SELECTION ->
                new EntropySelection(values.number("share"), values.is("from", "bottom"), values.ties());
            case PROB_REWEIGHT -> new ProbReweight(values.number("alpha"));
            case LOPTI, REWEIGHT_LOPTI, CAPO, ASYPPO ->
                throw new IllegalStateException(known + " is made above: it has no single gamma");
            case GRADIENT -> new TopScore(Observation.GRADIENT_NORM, values.selection());
            case PATH_AGGREGATION -> new TopScore(Observation.PATH_FLOW, values.selection());
            case TOKEN_CORRELATION -> new TopScore(Observation.HIDDEN_COSINE, values.selection());
            case THINKPRM -> new StepScore(values.number("share"), values.number("amplification"), values.ties());
            case FLOWTRACER -> new TopScore(Observation.FLOW, values.selection());
            case ATTNRL -> new TopScore(Observation.STEP_INFLUENCE, values.selection());
            case COLUMN -> new GammaColumn(values.text("column"));
            case CLASS -> CustomClass.load(values.text("class"));
        };
    }

    /** The resolved values by key. A strategy may ask only for keys that it reads. */
    private record Resolved(Map<String, Object> values) {
        Resolved with(String key, Object value) {
            Map<String, Object> others = new LinkedHashMap<>(values);
            others.put(key, value);
            return new Resolved(others);
        }

        /** The series of FAI. In training, heads all changes how fai itself is measured. */
        String fai() {
            return is("heads", "receivers") ? "receiver_fai" : "fai";
        }

        String text(String key) {
            return String.valueOf(values.get(key));
        }

        boolean is(String key, String value) {
            return value.equals(values.get(key));
        }

        double number(String key) {
            return ((Number) Objects.requireNonNull(values.get(key), key)).doubleValue();
        }

        Ties ties() {
            return Ties.valueOf(text("ties").toUpperCase(Locale.ROOT));
        }

        Selection selection() {
            return new Selection(number("share"), is("from", "bottom"), number("amplification"), ties());
        }

        /** The preplan tokens of tau_delta are selected as those of local-chunk, always from the top. */
        Coupling coupling() {
            Threshold tauDelta = is("tau_delta", CreditKey.PREPLAN)
                    ? new Threshold.LeastOfTop(number("share"), ties())
                    : Threshold.parse("tau_delta", text("tau_delta"));
            Threshold tauWaad = Threshold.parse("tau_waad", text("tau_waad"));
            return new Coupling((int) number("lookback"), tauWaad, tauDelta, is("intro", "earlier"));
        }

        CoupledRhythm.Shares shares() {
            return new CoupledRhythm.Shares(is("shared_intro", "each"), is("overlap", "overwrite"));
        }
    }
}
