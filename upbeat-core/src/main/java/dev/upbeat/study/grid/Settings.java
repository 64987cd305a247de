package dev.upbeat.study.grid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.credit.Strategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training keys that override the base configuration.
 *
 * @param values YAML values by dotted key, such as {@code credit.share}
 */
public record Settings(Map<String, String> values) {
    private static final String CREDIT = "credit.";
    private static final String STRATEGY = CREDIT + "strategy";
    static final Settings NONE = new Settings(Map.of());

    /** @param mapping keys to values, dotted or nested */
    static Settings of(JsonNode mapping) {
        Map<String, String> values = new LinkedHashMap<>();
        collect("", mapping, values);
        return new Settings(values);
    }

    private static void collect(String path, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), values));
        } else {
            values.put(path, node.isTextual() ? node.textValue() : node.toString()); // JSON is YAML
        }
    }

    /** @param words {@code key.path=value}; errors in them are reported when a training is read */
    static Settings of(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int end = word.indexOf('=');
            values.put(end < 0 ? word : word.substring(0, end), end < 0 ? "" : word.substring(end + 1));
        }
        return new Settings(values);
    }

    /**
     * These settings, overridden by others. If both set a credit strategy, options that were set for the first and do not apply
     * to the second are dropped.
     */
    Settings plus(Settings others) {
        Map<String, String> all = new LinkedHashMap<>(values);
        String set = values.get(STRATEGY);
        String other = others.values.get(STRATEGY);
        if (set != null && other != null) {
            all.keySet()
                    .removeIf(key ->
                            key.startsWith(CREDIT) && !Strategy.appliesTo(key.substring(CREDIT.length()), set, other));
        }
        all.putAll(others.values);
        return new Settings(all);
    }

    /** Names of the credit options that are set, such as {@code share}. */
    List<String> creditKeys() {
        return values.keySet().stream()
                .filter(key -> key.startsWith(CREDIT))
                .map(key -> key.substring(CREDIT.length()))
                .toList();
    }

    Settings plus(String key, String value) {
        return plus(new Settings(Map.of(key, value)));
    }

    /** The settings as {@code key.path=value} words. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        values.forEach((key, value) -> words.add(key + "=" + value));
        return words;
    }
}
