package dev.upbeat.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of one key of a {@link Section}, or its default: checks type and range, and records the value in the resolved
 * configuration.
 */
public final class KeyReader {
    private final Section section;
    private final String key;
    private final @Nullable Object fallback;
    private final boolean constant;
    private final boolean added;

    /**
     * @param fallback the default; null if the key is required
     * @param constant whether the default is the same for all configurations, so that messages and the documentation name it
     * @param added whether the key was added after runs had been recorded
     */
    KeyReader(Section section, String key, @Nullable Object fallback, boolean constant, boolean added) {
        this.section = section;
        this.key = key;
        this.fallback = fallback;
        this.constant = constant;
        this.added = added;
    }

    /** Converts a value; null if it is not of the expected form. */
    private interface Parser<T> {
        @Nullable
        T parse(JsonNode node);
    }

    private <T> T read(@Nullable T usual, String expected, Parser<T> parser) {
        section.note(key, constant ? usual : null, added);
        JsonNode node = section.given(key);
        if (node == null) {
            if (usual == null) {
                throw section.missing(key, expected);
            }
            return section.keep(key, usual);
        }
        T value = parser.parse(node);
        if (value == null) {
            throw section.wrong(key, expected + (constant && usual != null ? " (default: " + usual + ")" : ""));
        }
        return section.keep(key, value);
    }

    int integer(int least, int most) {
        return (int) wholeNumber(least, most);
    }

    public long wholeNumber(long least, long most) {
        String range = most < Integer.MAX_VALUE
                ? " from " + least + " to " + most
                : least == Long.MIN_VALUE ? "" : " at least " + least;
        Long usual = fallback == null ? null : Long.valueOf(((Number) fallback).longValue());
        return read(
                usual,
                "a whole number" + range,
                node -> node.isIntegralNumber()
                                && node.canConvertToLong()
                                && node.longValue() >= least
                                && node.longValue() <= most
                        ? node.longValue()
                        : null);
    }

    public double number(Range range) {
        Double usual = fallback == null ? null : Double.valueOf(((Number) fallback).doubleValue());
        return read(usual, "a number " + range, node -> number(node, range));
    }

    private static @Nullable Double number(JsonNode node, Range range) {
        double value = node.isNumber() || isExponential(node) ? node.asDouble() : Double.NaN;
        return range.contains(value) ? value : null;
    }

    /** Whether a text is a number such as 1e-4, which YAML 1.1 reads as text because it has no point. */
    private static boolean isExponential(JsonNode node) {
        return node.isTextual() && node.textValue().matches("[-+]?\\d+(\\.\\d*)?[eE][-+]?\\d+");
    }

    /** Two numbers in brackets; the default is a list of two. */
    double[] pair(Range range) {
        List<Double> usual = fallback instanceof List<?> list
                ? list.stream().map(Double.class::cast).toList()
                : null;
        List<Double> pair = read(usual, "two numbers in brackets, each " + range, node -> pair(node, range));
        return new double[] {pair.get(0), pair.get(1)};
    }

    private static @Nullable List<Double> pair(JsonNode node, Range range) {
        Double first = node.isArray() && node.size() == 2 ? number(node.get(0), range) : null;
        Double second = first == null ? null : number(node.get(1), range);
        return first == null || second == null ? null : List.of(first, second);
    }

    boolean flag() {
        return read((Boolean) fallback, "true or false", node -> node.isBoolean() ? node.booleanValue() : null);
    }

    /** A number or a text that is not blank, as text. */
    String numberOrText(String expected) {
        return read(
                (String) fallback,
                expected,
                node -> node.isNumber()
                                || (node.isTextual() && !node.textValue().isBlank())
                        ? node.asText()
                        : null);
    }

    /** A text that is not blank. */
    public String text(String expected) {
        return read(
                (String) fallback,
                expected,
                node -> node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null);
    }

    /**
     * A text that is the path of a file or directory, or one of {@code words}. {@code ~/} is the user's home directory. A
     * relative path is looked up in {@link Origin#searchPath}; a path that does not exist is returned as it is.
     */
    String path(String expected, String... words) {
        return read((String) fallback, expected, node -> {
            if (!node.isTextual() || node.textValue().isBlank()) {
                return null;
            }
            String text = node.textValue();
            if (Arrays.asList(words).contains(text)) {
                return text;
            }
            String path = text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
            return section.searchPath(key).find(Path.of(path)).toString();
        });
    }

    /** Reads one of the given words. */
    String choice(String... words) {
        return read(
                (String) fallback,
                (words.length == 1 ? "" : "one of ") + String.join(", ", words),
                node -> node.isTextual() && Arrays.asList(words).contains(node.textValue()) ? node.textValue() : null);
    }

    /** A list of some of the given words, at least one, each once. */
    List<String> words(List<String> known) {
        List<String> usual = fallback instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : null;
        return read(usual, "a list of some of " + String.join(", ", known) + ", each once", node -> {
            List<String> words = new ArrayList<>();
            node.forEach(word -> words.add(word.asText()));
            boolean valid = node.isArray()
                    && !words.isEmpty()
                    && known.containsAll(words)
                    && new HashSet<>(words).size() == words.size();
            return valid ? List.copyOf(words) : null;
        });
    }
}
