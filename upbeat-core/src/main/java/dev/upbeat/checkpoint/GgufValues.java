package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed access to a GGUF's key-value pairs, an array being a {@code List} or a Java array. */
record GgufValues(Map<String, ?> metadata) {
    String string(String key) {
        if (metadata.get(key) instanceof String text) {
            return text;
        }
        throw unexpected(key, "a string");
    }

    boolean flag(String key, boolean whenAbsent) {
        Object value = metadata.get(key);
        if (value == null) {
            return whenAbsent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw unexpected(key, "true or false");
    }

    List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        for (Object element : elements(key, "an array of strings")) {
            if (!(element instanceof String text)) {
                throw unexpected(key, "an array of strings");
            }
            strings.add(text);
        }
        return strings;
    }

    int[] ints(String key) {
        List<?> elements = elements(key, "an array of integers");
        int[] ints = new int[elements.size()];
        for (int i = 0; i < ints.length; i++) {
            if (!(elements.get(i) instanceof Number number)) {
                throw unexpected(key, "an array of integers");
            }
            ints[i] = number.intValue();
        }
        return ints;
    }

    /** The token id under a key. */
    int tokenId(String key, int vocabulary) {
        if (metadata.get(key) instanceof Number id && 0 <= id.longValue() && id.longValue() < vocabulary) {
            return id.intValue();
        }
        throw unexpected(key, "a token id below " + vocabulary);
    }

    private List<?> elements(String key, String expected) {
        Object value = metadata.get(key);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value == null || !value.getClass().isArray()) {
            throw unexpected(key, expected);
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            elements.add(Array.get(value, i));
        }
        return elements;
    }

    private BadInputException unexpected(String key, String expected) {
        Object value = metadata.get(key);
        String given = value == null
                ? "missing"
                : value instanceof List<?> || value.getClass().isArray() ? "an array" : "" + value;
        return new BadInputException("the GGUF's " + key + " is " + given + ": expected " + expected);
    }
}
