package dev.upbeat.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Remedy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fields of a JSON file with their types checked. A field that is null counts as absent, as in transformers. */
public final class JsonFields {
    private static final int LONGEST_SHOWN = 100;

    private final Path file;
    private final JsonNode object;

    private JsonFields(Path file, JsonNode object) {
        this.file = file;
        this.object = object;
    }

    /** @param name name of the object in messages */
    public static JsonFields of(byte[] utf8, String name) {
        return new JsonFields(Path.of(name), StrictJson.parse(utf8, name, Path.of(name)));
    }

    public static JsonFields read(Path file) {
        return new JsonFields(file, StrictJson.read(file));
    }

    public Path file() {
        return file;
    }

    public boolean has(String key) {
        return object.hasNonNull(key);
    }

    /** Whether the key is present with the value null. */
    public boolean isNull(String key) {
        return object.path(key).isNull();
    }

    /** The names of all fields. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Whether the value is a string. */
    public boolean isText(String key) {
        return object.path(key).isTextual();
    }

    /** Whether the value is absent, null, false, an empty string, an empty list or an empty object. */
    public boolean isBlank(String key) {
        JsonNode value = object.path(key);
        return !has(key)
                || (value.isBoolean() && !value.booleanValue())
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isContainerNode() && value.isEmpty());
    }

    /** The value as JSON, for messages; cut off if it is long. */
    public String shown(String key) {
        String json = object.path(key).toString();
        return json.length() <= LONGEST_SHOWN ? json : json.substring(0, LONGEST_SHOWN) + "..";
    }

    public int integer(String key) {
        if (!has(key)) {
            throw new BadInputException(file + " has no " + key + ", expected an integer. " + remedy());
        }
        return integer(key, object.get(key));
    }

    public int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    /** An integer or a list of integers; empty if absent. */
    public List<Integer> integers(String key) {
        List<Integer> integers = new ArrayList<>();
        if (object.path(key).isArray()) {
            object.path(key).forEach(element -> integers.add(integer(key, element)));
        } else if (has(key)) {
            integers.add(integer(key));
        }
        return integers;
    }

    public double number(String key) {
        JsonNode value = object.path(key);
        if (!value.isNumber()) {
            throw wrong(key, value, "a number");
        }
        return value.doubleValue();
    }

    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    public boolean bool(String key, boolean absent) {
        JsonNode value = object.path(key);
        if (has(key) && !value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return has(key) ? value.booleanValue() : absent;
    }

    public String string(String key, String absent) {
        JsonNode value = object.path(key);
        if (has(key) && !value.isTextual()) {
            throw wrong(key, value, "a string");
        }
        return has(key) ? value.textValue() : absent;
    }

    /** A list of strings. */
    public List<String> strings(String key) {
        JsonNode list = object.path(key);
        if (!list.isArray()) {
            throw wrong(key, list, "a list of strings");
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode element : list) {
            if (!element.isTextual()) {
                throw wrong(key, element, "a list of strings");
            }
            strings.add(element.textValue());
        }
        return strings;
    }

    /** The object of that name; an empty one if absent. */
    public JsonFields object(String key) {
        JsonNode value = object.path(key);
        if (has(key) && !(value instanceof ObjectNode)) {
            throw wrong(key, value, "an object");
        }
        return new JsonFields(file, value);
    }

    public boolean isEmpty() {
        return object.isEmpty();
    }

    private int integer(String key, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(key, value, "an integer of 32 bits");
        }
        return value.intValue();
    }

    private BadInputException wrong(String key, JsonNode value, String expected) {
        String given = value.isMissingNode() ? "nothing" : value.toString();
        return new BadInputException(
                file + " has " + given + " for " + key + ", expected " + expected + ". " + remedy());
    }

    private String remedy() {
        return Remedy.ofDamaged(file, "Fetch the checkpoint again.");
    }
}
