package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The strategies by name, each with the keys of {@link CreditOptions} that it reads besides sign and normalize. */
public enum Strategy {
    UNIFORM(),
    CONSTANT("gamma"),
    RANDOM("share", "amplification", "seed"),
    HIGH_ENTROPY("share", "amplification", "from"),
    LOCAL_CHUNK("share", "amplification", "from"),
    GLOBAL_ANCHOR("share", "amplification", "from"),
    COUPLED_RHYTHM("share", "amplification", "from", "alpha", "lookback"),
    ENTROPY_SELECTION("share", "from"),
    PROB_REWEIGHT("alpha"),
    LOPTI(),
    GRADIENT("share", "amplification", "from"),
    PATH_AGGREGATION("share", "amplification", "from"),
    TOKEN_CORRELATION("share", "amplification", "from"),
    COLUMN("column"),
    CLASS("class", "seed");

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

    /** Whether it reads a key of {@link CreditOptions}, or the batch's seed: "seed". */
    public boolean reads(String key) {
        return keys.contains(key);
    }

    /** As it is written in a configuration: {@code coupled-rhythm}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
