package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The strategies by name, each with its defaults and the keys of {@link CreditOptions} that it reads besides sign and
 * normalize.
 */
public enum Strategy {
    UNIFORM(),
    CONSTANT("gamma"),
    RANDOM("share", "amplification", "seed"),
    HIGH_ENTROPY("share", "amplification", "from"),
    LOCAL_CHUNK("share", "amplification", "from", "heads"),
    GLOBAL_ANCHOR("share", "amplification", "from", "heads"),
    COUPLED_RHYTHM("share", "amplification", "alpha", "lookback", "from", "heads"),
    ENTROPY_SELECTION("share", "from"),
    PROB_REWEIGHT("alpha"),
    LOPTI(),
    GRADIENT("share", "amplification", "from"),
    PATH_AGGREGATION("share", "amplification", "from"),
    TOKEN_CORRELATION("share", "amplification", "from"),
    COLUMN("column"),
    CLASS("class", "seed", "heads");

    /**
     * Options with a different meaning for one strategy: entropy-selection's share and from select the tokens of the batch that
     * keep their gradient, and prob-reweight's alpha is the weight of the probability.
     */
    private static final Map<String, Strategy> DIFFERENT =
            Map.of("share", ENTROPY_SELECTION, "from", ENTROPY_SELECTION, "alpha", PROB_REWEIGHT);

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes sets that cannot be changed
    private final Set<String> keys;

    Strategy(String... keys) {
        this.keys = Set.of(keys);
    }

    /** @throws BadInputException where there is none of this name, naming the nearest */
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

    /** Whether it reads a key of {@link CreditOptions}, the batch's seed ("seed") or the rhythm of chosen heads ("heads"). */
    public boolean reads(String key) {
        return keys.contains(key);
    }

    /** Default of q. */
    public double usualShare() {
        return this == ENTROPY_SELECTION ? 0.2 : 0.4;
    }

    /** Default of alpha. */
    public double usualAlpha() {
        return this == PROB_REWEIGHT ? 0.3 : 0.5;
    }

    /**
     * Whether an option that was set for one strategy also applies to another. If a configuration's strategy is replaced, options
     * that do not apply take the defaults of the new one.
     *
     * @param key of {@link CreditOptions}, {@code share}
     * @param set name of the strategy that it was set for
     * @param other name of the new strategy
     */
    public static boolean holdsFor(String key, String set, String other) {
        Strategy different = DIFFERENT.get(key);
        return different == null
                || set.equals(other)
                || !(different.toString().equals(set) || different.toString().equals(other));
    }

    /** As it is written in a configuration: {@code coupled-rhythm}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
