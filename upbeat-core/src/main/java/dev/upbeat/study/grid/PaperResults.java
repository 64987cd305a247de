package dev.upbeat.study.grid;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The accuracies of the paper's Tables 3 to 5, 7, 9 and 13 to 19, in percent. */
final class PaperResults {
    private static final String HEADLINE = "Avg";
    private static final Map<String, Map<String, Map<String, Double>>> RESULTS = load();

    private PaperResults() {}

    /** What a configuration may name. */
    static Set<String> columns() {
        return new TreeSet<>(RESULTS.keySet());
    }

    static String expected() {
        return "none or one of " + String.join(", ", columns());
    }

    /**
     * @param column of {@link #columns}
     * @param method by its name here
     * @param task a benchmark of the paper's, else the average over them, or the only one
     * @return percent; null where the paper has none
     */
    static @Nullable Double of(String column, String method, String task) {
        Map<String, Double> row =
                Objects.requireNonNull(RESULTS.get(column), column).getOrDefault(method, Map.of());
        return row.getOrDefault(task, row.get(HEADLINE));
    }

    /** The resource has a block a column: its name and the benchmarks, then a line a method. */
    private static Map<String, Map<String, Map<String, Double>>> load() {
        Map<String, Map<String, Map<String, Double>>> results = new LinkedHashMap<>();
        Map<String, Map<String, Double>> block = Map.of();
        List<String> benchmarks = List.of();
        for (String line : lines()) {
            List<String> fields = List.of(line.strip().split("\\s+"));
            if (line.startsWith("#")) {
                continue;
            }
            if (!Character.isWhitespace(line.charAt(0))) {
                block = new LinkedHashMap<>();
                results.put(fields.get(0), block);
                benchmarks = fields.subList(1, fields.size());
                continue;
            }
            Map<String, Double> row = new LinkedHashMap<>();
            for (int i = 0; i < benchmarks.size(); i++) {
                row.put(benchmarks.get(i), Double.valueOf(fields.get(i + 1)));
            }
            block.put(fields.get(0), row);
        }
        return results;
    }

    private static List<String> lines() {
        try (InputStream in = PaperResults.class.getResourceAsStream("paper-results.txt");
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            return new ArrayList<>(
                    reader.lines().filter(line -> !line.isBlank()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
