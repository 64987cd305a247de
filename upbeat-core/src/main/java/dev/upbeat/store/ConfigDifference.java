package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Compares the configuration of a run with the configuration given to resume it. */
final class ConfigDifference {
    private ConfigDifference() {}

    /**
     * @param usual defaults by path; a key that the run's version did not know yet counts as having its default
     * @throws BadInputException if a key differs that must not; it names all of them
     */
    static void refuse(
            Path directory, JsonNode before, JsonNode now, Map<String, Object> usual, Predicate<String> mayDiffer) {
        Map<String, String> old = new TreeMap<>();
        usual.forEach((key, value) -> old.put(key, String.valueOf(value)));
        old.keySet().retainAll(flat(now).keySet());
        old.putAll(flat(before));
        Map<String, String> given = flat(now);
        TreeSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(given.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String was = old.getOrDefault(key, "not there");
            String is = given.getOrDefault(key, "not there");
            if (!was.equals(is) && !mayDiffer.test(key)) {
                differences.add(key + " " + was + ", now it is " + is);
            }
        }
        if (!differences.isEmpty()) {
            throw new BadInputException(directory + ": the run was started with " + String.join("; with ", differences)
                    + "; resume with the same value" + (differences.size() == 1 ? "" : "s")
                    + ", or start another run (out=DIR)");
        }
    }

    private static Map<String, String> flat(JsonNode node) {
        Map<String, String> leaves = new TreeMap<>();
        collect("", node, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), leaves));
        } else {
            leaves.put(path, node.isArray() ? node.toString() : node.asText());
        }
    }
}
