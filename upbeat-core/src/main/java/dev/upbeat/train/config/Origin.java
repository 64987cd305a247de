package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where a configuration was given, for messages.
 *
 * @param file the YAML file
 * @param overridden the keys that were given elsewhere
 * @param source where: "command line", say
 */
public record Origin(Path file, Set<String> overridden, String source) {
    public Origin {
        overridden = Set.copyOf(overridden);
    }

    /**
     * Refuses a key's value.
     *
     * @param key with its sections, {@code credit.share}
     * @param given as a user would write it
     * @param expected what it should have been, and what to do
     */
    public BadInputException wrong(String key, Object given, String expected) {
        return new BadInputException(of(key) + ": " + key + " is " + given + "; expected " + expected);
    }

    BadInputException missing(String key, String expected) {
        return new BadInputException(file + ": " + key + " is missing; expected " + expected);
    }

    BadInputException unknown(String key, String nearest) {
        return new BadInputException(of(key) + ": there is no key " + key + nearest);
    }

    private String of(String key) {
        return overridden.contains(key) ? source : file.toString();
    }
}
