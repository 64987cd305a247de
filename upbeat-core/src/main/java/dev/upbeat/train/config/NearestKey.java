package dev.upbeat.train.config;

import dev.upbeat.io.Nearest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the known key that an unknown one was probably meant to be. */
final class NearestKey {
    private NearestKey() {}

    /**
     * The end of a message: the known key of the same name in another section, else the key or section of least edit distance,
     * else all known keys.
     */
    static String of(String path, List<String> known) {
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
