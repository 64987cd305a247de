package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.SearchPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The sources of a configuration's keys, for messages.
 *
 * @param file the YAML file
 * @param overridden the keys that were given elsewhere
 * @param source of overrides: "command line"
 * @param folder of the overrides' relative paths
 */
public record Origin(Path file, Set<String> overridden, String source, Path folder) {
    private static final int LONGEST_SHOWN = 200;

    public Origin {
        overridden = Set.copyOf(overridden);
    }

    /**
     * The exception for a wrong value of a key.
     *
     * @param key with its sections, such as {@code credit.share}
     * @param given as a user would write it
     * @param expected what it should have been, and what to do
     */
    public BadInputException wrong(String key, Object given, String expected) {
        return new Placed(of(key) + ": " + key + " is " + brief(given) + "; expected " + expected);
    }

    BadInputException missing(String key, String expected) {
        return new Placed(of(key) + ": " + key + " is missing; expected " + expected);
    }

    /**
     * Rejects values of a section that contradict each other, with the message of the check.
     *
     * @param section such as {@code credit}
     * @return {@code e} itself if it already names its place
     */
    BadInputException together(String section, BadInputException e) {
        if (e instanceof Placed) {
            return e;
        }
        List<String> elsewhere = overridden.stream()
                .filter(key -> key.equals(section) || key.startsWith(section + "."))
                .sorted()
                .toList();
        String with = elsewhere.isEmpty() ? "" : ", with " + String.join(", ", elsewhere) + " (" + source + ")";
        return new Placed(file + with + ": " + e.getMessage(), e);
    }

    /** An error whose message names its place. */
    private static final class Placed extends BadInputException {
        private static final long serialVersionUID = 1L;

        Placed(String message) {
            super(message);
        }

        Placed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    BadInputException unknown(String key, String nearest) {
        return new Placed(of(key) + ": there is no key " + shown(key) + nearest);
    }

    /** Folders in which a relative path of the key is looked up. */
    public SearchPath searchPath(String key) {
        return SearchPath.from(
                isOverridden(key) ? folder : file.toAbsolutePath().resolveSibling(""), System.getenv("UPBEAT_HOME"));
    }

    private static String brief(Object given) {
        String text = given.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "..";
    }

    /** Quotes a key that has a character that is easily overlooked, such as a space. */
    private static String shown(String key) {
        return key.matches("[\\w.\\[\\]-]+") ? key : "\"" + key + "\"";
    }

    private String of(String key) {
        return isOverridden(key) ? source : file.toString();
    }

    /** Whether a key or its section was given outside the file. */
    boolean isOverridden(String key) {
        String withoutIndices = key.replaceAll("\\[\\d+]", "") + ".";
        return overridden.stream().anyMatch(given -> withoutIndices.startsWith(given + "."));
    }
}
