package dev.upbeat.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.io.SearchPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a configuration. A {@link KeyReader} reads each key by name, which also makes the key known and records its
 * value, given or default. So the keys that are read, documented and recorded are the same.
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
     * @param path with its sections: {@code credit.share}
     * @param fallback its default; null if it is required or depends on other keys
     * @param added whether it was added after runs had been recorded
     */
    record Key(String path, @Nullable Object fallback, boolean added) {}

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

    /** Defaults of all keys read so far, of all sections, by path; defaults that depend on other keys are left out. */
    Map<String, Object> usual() {
        return defaults(false);
    }

    /** Those of {@link #usual} that were read as {@link #added(String, Object)}. */
    Map<String, Object> added() {
        return defaults(true);
    }

    private Map<String, Object> defaults(boolean addedOnly) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        keys.forEach(key -> {
            if (key.fallback() != null && (key.added() || !addedOnly)) {
                defaults.put(key.path(), key.fallback());
            }
        });
        return defaults;
    }

    public boolean has(String key) {
        return given.has(key);
    }

    /** The section of this name; empty if it is not given. */
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

    /**
     * The sections of a list of mappings, such as {@code [{name: a}, {name: b}]}; none if the key is not given. The list
     * counts as {@link #added(String, Object)}. Its keys have paths such as {@code eval.tasks[0].name}.
     *
     * @param expected for the message if the value is no such list
     */
    List<Section> list(String key, String expected) {
        note(key, List.of(), true);
        List<Section> entries = new ArrayList<>();
        JsonNode node = given(key);
        if (node != null) {
            if (!node.isArray()) {
                throw wrong(key, expected);
            }
            for (JsonNode entry : node) {
                if (!(entry instanceof ObjectNode mapping)) {
                    throw wrong(key, expected);
                }
                String path = prefix + key + "[" + entries.size() + "].";
                entries.add(new Section(origin, path, mapping, given.objectNode(), keys));
            }
        }
        sections.addAll(entries);
        resolved.put(key, entries.stream().map(entry -> entry.resolved).toList());
        return entries;
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

    /** A key that must be given. */
    public KeyReader required(String key) {
        return new KeyReader(this, key, null, false, false);
    }

    /** A key with a default. */
    public KeyReader optional(String key, Object fallback) {
        return new KeyReader(this, key, fallback, true, false);
    }

    /**
     * A key that was added after runs had been recorded. Its default changes nothing, so that a run of that time is the
     * same as one with the default.
     */
    KeyReader added(String key, Object fallback) {
        return new KeyReader(this, key, fallback, true, true);
    }

    /** A key whose default depends on other keys; the documentation describes it in words. */
    public KeyReader dependent(String key, Object fallback) {
        return new KeyReader(this, key, fallback, false, false);
    }

    /** The given value of a key that the caller parses; null if it is not given. */
    public @Nullable JsonNode raw(String key, Object fallback) {
        note(key, fallback, false);
        return given(key);
    }

    /** Folders in which a relative path of the key is looked up. */
    SearchPath searchPath(String key) {
        return origin.searchPath(prefix + key);
    }

    /** Records that a key is known, with its constant default if it has one. */
    void note(String key, @Nullable Object fallback, boolean added) {
        keys.add(new Key(prefix + key, fallback, added));
    }

    /** Records a value in the resolved configuration. */
    public <T> T keep(String key, T value) {
        resolved.put(key, value);
        return value;
    }

    /** The given value; null if there is none. */
    @Nullable
    JsonNode given(String key) {
        JsonNode node = given.get(key);
        if (node != null && node.isNull()) {
            throw origin.wrong(prefix + key, "empty", "a value; or leave the key out");
        }
        return node;
    }

    public BadInputException wrong(String key, String expected) {
        JsonNode node = given.get(key);
        Object value = node == null ? resolved.get(key) : node;
        return origin.wrong(prefix + key, Objects.requireNonNull(value, key), expected);
    }

    BadInputException missing(String key, String expected) {
        List<String> unread = new ArrayList<>();
        given.fieldNames().forEachRemaining(unread::add);
        unread.removeAll(resolved.keySet());
        String meant = Nearest.to(key, unread)
                .map(name -> " (is " + prefix + name + " a misspelling of it?)")
                .orElse("");
        return origin.missing(prefix + key, expected + meant);
    }

    /** Rejects keys that were not read, here and in all sections. */
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
                path, nearest(path, keys.stream().map(Key::path).distinct().toList()));
    }

    /**
     * The end of a message: the known key of the same name in another section, else the key or section of least edit distance,
     * else all known keys.
     */
    private static String nearest(String path, List<String> known) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        Set<String> sections = known.stream()
                .filter(key -> key.contains("."))
                .map(key -> key.substring(0, key.lastIndexOf('.')))
                .collect(Collectors.toCollection(TreeSet::new));
        return known.stream()
                .filter(key -> key.endsWith("." + last))
                .findFirst()
                .or(() -> Nearest.to(path, known))
                .or(() -> Nearest.to(path, sections))
                .map(key -> "; the nearest known key is " + key)
                .orElse("; known keys: " + String.join(", ", known));
    }
}
