package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads traces with their measured series from JSONL or Parquet, including a run directory's own
 * {@code traces.parquet}. A row has some of {@link TraceFile#SERIES} and further series, each with one number or null
 * per response token. Optional: {@code id}, {@code response_ids}, {@code step}, {@code advantage}. Neither prompt nor
 * tokens are needed.
 */
public final class SeriesFile {
    /** The field with one number per response instead of a series. */
    public static final String ADVANTAGE = "advantage";

    private static final long LARGEST_STEP = 1L << 53; // beyond it not every whole number is a double

    /** Series that every analysis measures. */
    private static final Set<String> MEASURED = Set.of("log_prob", "entropy_nats", "waad", "fai");

    private static final Set<String> DEFINED_EVERYWHERE = Set.of("log_prob", "entropy_nats", "waad");
    private static final String EXAMPLE = "{\"id\": \"1\", \"waad\": [2.5, 1.25], \"fai\": [0.125, null]}";

    private final Set<String> series;
    private final Collection<String> needed;
    private final String purpose;

    private SeriesFile(Collection<String> needed, String purpose) {
        this.series = new LinkedHashSet<>(TraceFile.SERIES);
        this.series.addAll(needed);
        this.series.remove(ADVANTAGE);
        this.needed = needed;
        this.purpose = purpose;
    }

    /**
     * @param file the file, or a run directory, whose trace files are read in the order of the steps
     * @param needed names of series, or {@link #ADVANTAGE}, that every row must have
     * @param purpose who needs them, for messages: "strategy local-chunk"
     * @throws dev.upbeat.io.BadInputException if the file or a row cannot be used, naming the row
     */
    public static List<SeriesRow> read(Path file, Collection<String> needed, String purpose) throws IOException {
        if (file.toString().isEmpty() || !Files.isDirectory(file)) {
            return readFile(file, needed, purpose);
        }
        KnownEntries.RUN.requireOwnKinds(file);
        List<Path> files = RunFiles.traces(file);
        if (files.isEmpty()) {
            throw new BadInputException(file + ": has no " + RunFiles.TRACES + " and no " + RunFiles.STEPS
                    + "/step-*.parquet; expected a run directory with traces, or a file of measured traces");
        }
        List<SeriesRow> rows = new ArrayList<>();
        for (Path each : files) {
            rows.addAll(readFile(each, needed, purpose));
        }
        return rows;
    }

    private static List<SeriesRow> readFile(Path file, Collection<String> needed, String purpose) throws IOException {
        SeriesFile reader = new SeriesFile(needed, purpose);
        List<String> columns = Stream.concat(
                        Stream.of("id", "response_ids", "step", "reward", ADVANTAGE), reader.series.stream())
                .toList();
        return RowFile.read(file, Integer.MAX_VALUE, columns, EXAMPLE, reader::parse);
    }

    private SeriesRow parse(JsonRow row) {
        for (String name : needed) {
            if (!row.has(name)) {
                throw row.wrong("has no " + name + ", which " + purpose + " needs" + hint(row, name) + "; given: "
                        + row.given());
            }
        }
        int[] responseIds = row.ids("response_ids");
        int tokens = responseIds == null ? -1 : responseIds.length;
        String counted = "response_ids";
        Map<String, float[]> all = new HashMap<>();
        for (String name : series) {
            float[] values = row.series(name);
            if (values == null) {
                continue;
            }
            if (tokens < 0) {
                tokens = values.length;
                counted = name;
            }
            if (values.length != tokens) {
                throw row.wrong(name + " has " + values.length + " values and " + counted + " " + tokens
                        + "; expected one a response token");
            }
            requireDefined(row, name, values);
            all.put(name, values);
        }
        if (tokens < 1) {
            throw row.wrong("has no response token; expected response_ids or a series such as waad, with at least one");
        }
        return new SeriesRow(row.id(), step(row), tokens, row.number(ADVANTAGE), all);
    }

    private static String hint(JsonRow row, String name) {
        if (MEASURED.contains(name)) {
            return " (measure the traces first: ./upbeat analyze MODEL --traces FILE --out RUN)";
        }
        if (name.equals("receiver_fai")) {
            return " (measure it: ./upbeat analyze with --receivers on, or train with rhythm.receivers: true)";
        }
        return name.equals(ADVANTAGE) && row.has("reward")
                ? " (the reward cannot replace it: an advantage is relative to the rewards of a group)"
                : "";
    }

    private static void requireDefined(JsonRow row, String name, float[] values) {
        if (!DEFINED_EVERYWHERE.contains(name)) {
            return;
        }
        for (int t = 0; t < values.length; t++) {
            if (Float.isNaN(values[t])) {
                throw row.wrong(name + "[" + t + "] is null; expected a number, as it is defined at every token");
            }
        }
    }

    /** The training step of a row; 0 if it has none. */
    static long step(JsonRow row) {
        Double step = row.number("step");
        if (step == null) {
            return 0;
        }
        if (step < 0 || step > LARGEST_STEP || step != Math.rint(step)) {
            throw row.wrong("step is " + step + "; expected a whole number from 0 to " + LARGEST_STEP);
        }
        return step.longValue();
    }
}
