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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Accuracies of the paper's Tables 3 to 7, 9 and 13 to 19, in percent, as printed, and notes on contradictions among them. */
final class PaperResults {
    private static final String HEADLINE = "Avg";
    private static final Map<String, Map<String, Row>> RESULTS = load();

    /**
     * @param values by benchmark, percent
     * @param note remark on a contradiction; null for none
     */
    private record Row(Map<String, Double> values, @Nullable String note) {
        static final Row NONE = new Row(Map.of(), null);
    }

    private PaperResults() {}

    /** The columns that a configuration may name. */
    static Set<String> columns() {
        return new TreeSet<>(RESULTS.keySet());
    }

    static String expected() {
        return "none or one of " + String.join(", ", columns());
    }

    /**
     * @param column of {@link #columns}
     * @param method its name in the grid
     * @param task name of a benchmark of the paper; any other name selects the average, or the only value
     * @return percent; null if the paper has none
     */
    static @Nullable Double of(String column, String method, String task) {
        Map<String, Double> values = row(column, method).values();
        return values.getOrDefault(task, values.get(HEADLINE));
    }

    /**
     * As {@link #of}, for one benchmark by the name of its task: {@code math500} is the column MATH500 or MATH.
     *
     * @return null if the paper has no number for this benchmark
     */
    static @Nullable Double ofBenchmark(String column, String method, String benchmark) {
        return row(column, method).values().entrySet().stream()
                .filter(each -> plain(each.getKey()).equals(plain(benchmark)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** The paper calls MATH500 also MATH, and OlympiadBench Olympiad. */
    private static String plain(String benchmark) {
        return benchmark
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^math500$", "math")
                .replaceFirst("^olympiadbench$", "olympiad");
    }

    /** Remark on a contradiction in the paper's numbers for a method; null for none. */
    static @Nullable String note(String column, String method) {
        return row(column, method).note();
    }

    private static Row row(String column, String method) {
        return Objects.requireNonNull(RESULTS.get(column), column).getOrDefault(method, Row.NONE);
    }

    /** The resource has one block per column: its name and benchmarks, then one line per method, with a note after a semicolon. */
    private static Map<String, Map<String, Row>> load() {
        Map<String, Map<String, Row>> results = new LinkedHashMap<>();
        Map<String, Row> block = Map.of();
        List<String> benchmarks = List.of();
        for (String line : lines()) {
            String[] halves = line.split(" ; ", 2);
            List<String> fields = List.of(halves[0].strip().split("\\s+"));
            if (line.startsWith("#")) {
                continue;
            }
            if (!Character.isWhitespace(line.charAt(0))) {
                block = new LinkedHashMap<>();
                results.put(fields.get(0), block);
                benchmarks = fields.subList(1, fields.size());
                continue;
            }
            Map<String, Double> values = new LinkedHashMap<>();
            for (int i = 0; i < fields.size() - 1; i++) {
                values.put(benchmarks.get(i), Double.valueOf(fields.get(i + 1)));
            }
            block.put(fields.get(0), new Row(values, halves.length == 1 ? null : halves[1].strip()));
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
