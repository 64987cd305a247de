package dev.upbeat.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a configuration, whose keys are read by name. Reading a key checks its type and range, notes that it is known,
 * and writes its value, given or default, into the resolved configuration: what is read, what is documented and what is
 * recorded cannot differ.
 */
public final class Section {
    private final Origin origin;
    private final String prefix;
    private final ObjectNode given;
    private final ObjectNode inFile; // values of the file alone
    private final Map<String, Object> resolved = new LinkedHashMap<>();
    private final List<Key> keys;
    private final List<Section> sections = new ArrayList<>();

    /**
     * A key that was read.
     *
     * @param path with its sections, {@code credit.share}
     * @param fallback its value where it is not given; null where it must be given or depends on others
     */
    record Key(String path, @Nullable Object fallback) {}

    Section(Origin origin, ObjectNode given, ObjectNode inFile) {
        this(origin, "", given, inFile, new ArrayList<>());
    }

    private Section(Origin origin, String prefix, ObjectNode given, ObjectNode inFile, List<Key> keys) {
        this.origin = origin;
        this.prefix = prefix;
        this.given = given;
        this.inFile = inFile;
        this.keys = keys;
    }

    public Origin origin() {
        return origin;
    }

    /** The values read so far, sections as maps, in the order of reading. */
    public Map<String, Object> resolved() {
        return resolved;
    }

    /** All keys read so far, those of all sections. */
    List<Key> keys() {
        return keys;
    }

    public boolean has(String key) {
        return given.has(key);
    }

    /** The section of this name, empty where it is not given. */
    Section section(String key) {
        JsonNode node = given.get(key);
        if (node != null && !node.isObject()) {
            throw origin.wrong(prefix + key, node, "a mapping of keys to values");
        }
        Section section = new Section(
                origin,
                prefix + key + ".",
                node == null ? given.objectNode() : (ObjectNode) node,
                inFile.get(key) instanceof ObjectNode own ? own : given.objectNode(),
                keys);
        sections.add(section);
        resolved.put(key, section.resolved);
        return section;
    }

    /** The file's text for a key, ignoring other sources; {@code fallback} if it has none. */
    String textInFile(String key, String fallback) {
        return inFile.path(key).asText(fallback);
    }

    /** Removes the value that the file sets for a key, so that its default applies. Values set elsewhere stay. */
    void dropFromFile(String key) {
        if (!origin.isOverridden(prefix + key)) {
            given.remove(key);
        }
    }

    int integer(String key, int fallback, int least, int most) {
        return (int) wholeNumber(key, (long) fallback, least, most);
    }

    /** A whole number whose default depends on others: {@code fallback} is documented in words. */
    int dependentInteger(String key, int fallback, int least, int most) {
        keys.add(new Key(prefix + key, null));
        long value = given(key) == null ? fallback : checkedWhole(key, null, least, most);
        keep(key, value);
        return (int) value;
    }

    public long wholeNumber(String key, long fallback, long least, long most) {
        keys.add(new Key(prefix + key, fallback));
        return keep(key, given(key) == null ? fallback : checkedWhole(key, fallback, least, most));
    }

    /** A whole number that must be given. */
    int requiredInteger(String key, int least, int most) {
        keys.add(new Key(prefix + key, null));
        if (given(key) == null) {
            throw missing(key, "a whole number from " + least + " to " + most);
        }
        long value = checkedWhole(key, null, least, most);
        keep(key, value);
        return (int) value;
    }

    private long checkedWhole(String key, @Nullable Long fallback, long least, long most) {
        JsonNode node = given.get(key);
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            String range = most < Integer.MAX_VALUE
                    ? " from " + least + " to " + most
                    : least == Long.MIN_VALUE ? "" : " at least " + least;
            throw wrong(key, "a whole number" + range + defaultText(fallback));
        }
        return node.longValue();
    }

    double number(String key, double fallback, Range range) {
        keys.add(new Key(prefix + key, fallback));
        JsonNode node = given(key);
        if (node == null) {
            return keep(key, fallback);
        }
        return keep(key, checkedNumber(key, node, range, "a number " + range + defaultText(fallback)));
    }

    /** A number whose default depends on others: {@code fallback} is documented in words. */
    double dependentNumber(String key, double fallback, Range range) {
        keys.add(new Key(prefix + key, null));
        JsonNode node = given(key);
        return keep(key, node == null ? fallback : checkedNumber(key, node, range, "a number " + range));
    }

    /** A number that must be given. */
    double requiredNumber(String key, Range range) {
        keys.add(new Key(prefix + key, null));
        JsonNode node = given(key);
        if (node == null) {
            throw missing(key, "a number " + range);
        }
        return keep(key, checkedNumber(key, node, range, "a number " + range));
    }

    /** Two numbers in brackets. */
    double[] pair(String key, double first, double second, Range range) {
        List<Double> fallback = List.of(first, second);
        keys.add(new Key(prefix + key, fallback));
        JsonNode node = given(key);
        if (node == null) {
            keep(key, fallback);
            return new double[] {first, second};
        }
        String expected = "two numbers in brackets, each " + range + defaultText(fallback);
        if (!node.isArray() || node.size() != 2) {
            throw wrong(key, expected);
        }
        double[] values = {
            checkedNumber(key, node.get(0), range, expected), checkedNumber(key, node.get(1), range, expected)
        };
        keep(key, List.of(values[0], values[1]));
        return values;
    }

    private double checkedNumber(String key, JsonNode node, Range range, String expected) {
        double value = node.isNumber() || exponential(node) ? node.asDouble() : Double.NaN;
        if (!range.contains(value)) {
            throw wrong(key, expected);
        }
        return value;
    }

    /** YAML 1.1 takes 1e-4, without a point, for text. */
    private static boolean exponential(JsonNode node) {
        return node.isTextual() && node.textValue().matches("[-+]?\\d+(\\.\\d*)?[eE][-+]?\\d+");
    }

    boolean flag(String key, boolean fallback) {
        keys.add(new Key(prefix + key, fallback));
        JsonNode node = given(key);
        if (node != null && !node.isBoolean()) {
            throw wrong(key, "true or false" + defaultText(fallback));
        }
        return keep(key, node == null ? fallback : node.booleanValue());
    }

    public String text(String key, String fallback, String expected) {
        keys.add(new Key(prefix + key, fallback));
        return keep(key, given(key) == null ? fallback : checkedText(key, expected + defaultText(fallback)));
    }

    /** A text whose default depends on others: {@code fallback} is documented in words. */
    public String dependentText(String key, String fallback, String expected) {
        keys.add(new Key(prefix + key, null));
        return keep(key, given(key) == null ? fallback : checkedText(key, expected));
    }

    /** A text that must be given. */
    public String requiredText(String key, String expected) {
        keys.add(new Key(prefix + key, null));
        if (given(key) == null) {
            throw missing(key, expected);
        }
        return keep(key, checkedText(key, expected));
    }

    private String checkedText(String key, String expected) {
        JsonNode node = given.get(key);
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw wrong(key, expected);
        }
        return node.textValue();
    }

    /** One of some words. */
    String choice(String key, String fallback, String... words) {
        String chosen = text(key, fallback, oneOf(words));
        if (!Arrays.asList(words).contains(chosen)) {
            throw wrong(key, oneOf(words) + defaultText(fallback));
        }
        return chosen;
    }

    /** One of some words, which must be given. */
    String requiredChoice(String key, String... words) {
        String chosen = requiredText(key, oneOf(words));
        if (!Arrays.asList(words).contains(chosen)) {
            throw wrong(key, oneOf(words));
        }
        return chosen;
    }

    private static String oneOf(String... words) {
        return (words.length == 1 ? "" : "one of ") + String.join(", ", words);
    }

    /** The value as it was given, for a key with a form of its own; null where it was not. */
    public @Nullable JsonNode raw(String key, Object fallback) {
        keys.add(new Key(prefix + key, fallback));
        return given(key);
    }

    /** Notes a value under a key in the resolved configuration. */
    public <T> T keep(String key, T value) {
        resolved.put(key, value);
        return value;
    }

    private @Nullable JsonNode given(String key) {
        JsonNode node = given.get(key);
        if (node != null && node.isNull()) {
            throw origin.wrong(prefix + key, "empty", "a value; or leave the key out");
        }
        return node;
    }

    private static String defaultText(@Nullable Object fallback) {
        return fallback == null ? "" : " (default: " + fallback + ")";
    }

    public BadInputException wrong(String key, String expected) {
        JsonNode node = given.get(key);
        Object value = node == null ? resolved.get(key) : node;
        return origin.wrong(prefix + key, Objects.requireNonNull(value, key), expected);
    }

    private BadInputException missing(String key, String expected) {
        List<String> unread = new ArrayList<>();
        given.fieldNames().forEachRemaining(unread::add);
        unread.removeAll(resolved.keySet());
        String meant = Nearest.to(key, unread)
                .map(name -> " (is " + prefix + name + " meant to be it?)")
                .orElse("");
        return origin.missing(prefix + key, expected + meant);
    }

    /** Refuses what nobody has read, here and in all sections. */
    public void end() {
        given.fieldNames().forEachRemaining(name -> {
            if (!resolved.containsKey(name)) {
                throw unknown(prefix + name);
            }
        });
        sections.forEach(Section::end);
    }

    private BadInputException unknown(String path) {
        return origin.unknown(
                path,
                NearestKey.of(path, keys.stream().map(Key::path).distinct().toList()));
    }
}
