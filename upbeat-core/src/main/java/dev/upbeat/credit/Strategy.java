package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Credit strategies by name, with their defaults and the keys of {@link CreditOptions} that they read besides sign and
 * normalize.
 */
public enum Strategy {
    UNIFORM(),
    CONSTANT("gamma"),
    RANDOM("share", "amplification", "seed"),
    HIGH_ENTROPY("share", "amplification", "from", "ties"),
    LOCAL_CHUNK("share", "amplification", "from", "ties", "heads"),
    GLOBAL_ANCHOR("share", "amplification", "from", "ties", "heads"),
    COUPLED_RHYTHM(
            "share",
            "amplification",
            "alpha",
            "lookback",
            "tau_waad",
            "tau_delta",
            "intro",
            "shared_intro",
            "overlap",
            "from",
            "ties",
            "heads"),
    ENTROPY_SELECTION("share", "from", "ties"),
    PROB_REWEIGHT("alpha"),
    LOPTI("eta"),
    REWEIGHT_LOPTI("alpha", "eta"),
    GRADIENT("share", "amplification", "from", "ties"),
    PATH_AGGREGATION("share", "amplification", "from", "ties"),
    TOKEN_CORRELATION("share", "amplification", "from", "ties"),
    CAPO("critiques", "vote", "outcome_reward", "step_penalty", "judge"),
    ASYPPO("critic_warmup", "certain_share", "uncertain_share", "critic"),
    THINKPRM("share", "amplification", "ties", "judge"),
    FLOWTRACER("share", "amplification", "from", "ties"),
    ATTNRL("share", "amplification", "from", "ties"),
    COLUMN("column"),
    CLASS("class", "seed", "heads");

    /**
     * Options with a different meaning for one strategy: with entropy-selection, share and from select the tokens of the
     * batch that keep their gradient; with prob-reweight and reweight-lopti, alpha is the weight of the probability.
     */
    private static final Map<String, Set<Strategy>> OTHER_MEANING = Map.of(
            "share",
            Set.of(ENTROPY_SELECTION),
            "from",
            Set.of(ENTROPY_SELECTION),
            "alpha",
            Set.of(PROB_REWEIGHT, REWEIGHT_LOPTI));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of returns immutable sets
    private final Set<String> keys;

    Strategy(String... keys) {
        this.keys = Set.of(keys);
    }

    /**
     * The strategy with the given name.
     *
     * @throws BadInputException if there is no such strategy; the message names the nearest one
     */
    public static Strategy of(String name) {
        List<String> names = Arrays.stream(values()).map(Strategy::toString).toList();
        if (!names.contains(name)) {
            throw new BadInputException("credit: there is no strategy '" + name + "'"
                    + Nearest.to(name, names)
                            .map(known -> ", did you mean " + known + "?")
                            .orElse("")
                    + "; expected one of " + String.join(", ", names));
        }
        return values()[names.indexOf(name)];
    }

    /**
     * Whether the strategy reads a key of {@link CreditOptions}, the seed of the run ("seed"), metrics that depend on
     * the choice of heads ("heads"), scores of a judge ("judge") or values of critics ("critic").
     */
    public boolean reads(String key) {
        return keys.contains(key) || (key.equals("amplification_negative") && keys.contains("amplification"));
    }

    /** The strategy's default of a key; null if it has none. */
    public @Nullable Object usual(CreditKey key) {
        return switch (key) {
            case SHARE -> this == ENTROPY_SELECTION ? Double.valueOf(0.2) : key.usual();
            case ALPHA -> this == PROB_REWEIGHT || this == REWEIGHT_LOPTI ? Double.valueOf(0.3) : key.usual();
            default -> key.usual();
        };
    }

    /**
     * Whether an option that was set for one strategy also applies to another. If a configuration's strategy is
     * replaced, options that do not apply take the defaults of the new one.
     *
     * @param key key of {@link CreditOptions}, such as {@code share}
     * @param set name of the strategy for which the option was set
     * @param other name of the new strategy
     */
    public static boolean appliesTo(String key, String set, String other) {
        Set<Strategy> different = OTHER_MEANING.getOrDefault(key, Set.of());
        return isIn(different, set) == isIn(different, other);
    }

    private static boolean isIn(Set<Strategy> strategies, String name) {
        return strategies.stream().anyMatch(strategy -> strategy.toString().equals(name));
    }

    /** The name in a configuration, such as {@code coupled-rhythm}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
