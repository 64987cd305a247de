package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TraceParquet} wrote ({@link TraceColumns}), undefined elements as NaN. */
final class TraceReader {
    private final ResultSet row;
    private final List<String> columns;
    private final List<String> further;

    private TraceReader(ResultSet row, Map<String, String> columns) {
        this.row = row;
        this.columns = List.copyOf(columns.keySet());
        this.further = further(columns);
    }

    static void read(Path file, Consumer<RunRow> action) {
        String source = ParquetBatches.source(file);
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            Map<String, String> columns = Duck.columns(statement, "SELECT * EXCLUDE (file_row_number) FROM " + source);
            long number = 0;
            for (String batch : ParquetBatches.of(statement, file, columns, Long.MAX_VALUE, false)) {
                String sql = "SELECT " + selection(columns) + " FROM " + source + " WHERE " + batch;
                try (ResultSet rows = statement.executeQuery(sql)) {
                    TraceReader reader = new TraceReader(rows, columns);
                    while (rows.next()) {
                        number++;
                        action.accept(reader.row(file + ", row " + number));
                    }
                }
            }
        } catch (SQLException e) {
            throw ParquetBatches.failure(file, "a run's traces", e);
        }
    }

    /** Selects with casts, so that a column of another type is an error in SQL and not here. */
    private static String selection(Map<String, String> present) {
        Set<String> columns = present.keySet();
        List<String> selected = new ArrayList<>();
        TraceColumns.ALWAYS.forEach((name, type) -> selected.add("%1$s::%2$s AS %1$s".formatted(name, type)));
        if (columns.contains("reward")) {
            selected.add("reward::DOUBLE AS reward");
        }
        if (columns.containsAll(TraceColumns.TRAINING)) {
            selected.add("step::BIGINT AS step, prompt_index::INTEGER AS prompt_index");
            selected.add("sample::INTEGER AS sample, advantage::DOUBLE AS advantage");
        }
        if (columns.contains("links")) {
            // Flat lists: the driver makes an object of every inner list.
            selected.add("flatten(links.global_positions)::INTEGER[] AS global_positions");
            selected.add("flatten(links.global_weights)::FLOAT[] AS global_weights");
            selected.add("flatten(links.local_positions)::INTEGER[] AS local_positions");
            selected.add("flatten(links.local_weights)::FLOAT[] AS local_weights");
        }
        if (columns.contains("flow_edges")) {
            selected.add("flatten(flow_edges.in_positions)::INTEGER[] AS in_positions");
            selected.add("flatten(flow_edges.in_flows)::FLOAT[] AS in_flows");
            selected.add("flatten(flow_edges.out_positions)::INTEGER[] AS out_positions");
            selected.add("flatten(flow_edges.out_flows)::FLOAT[] AS out_flows");
        }
        if (columns.contains("map_window")) {
            selected.add("map_window.\"start\"::INTEGER AS map_start, map_window.\"end\"::INTEGER AS map_end");
            selected.add("map_window.\"global\"::FLOAT[] AS map_global, map_window.\"local\"::FLOAT[] AS map_local");
        }
        further(present).forEach(name -> selected.add("%1$s::FLOAT[] AS %1$s".formatted(Duck.identifier(name))));
        return String.join(", ", selected);
    }

    /** Names of the series other than the table's own columns. */
    private static List<String> further(Map<String, String> columns) {
        return columns.keySet().stream()
                .filter(name -> Duck.isSeries(columns.get(name)) && !TraceColumns.isOwn(name))
                .toList();
    }

    private RunRow row(String where) throws SQLException {
        try {
            int[] responseIds = ints("response_ids");
            Trace trace = new Trace(
                    given(row.getString("id"), "id is NULL"),
                    ints("prompt_ids"),
                    responseIds,
                    texts("tokens"),
                    row.getDouble("temperature"),
                    columns.contains("reward") ? row.getObject("reward", Double.class) : null);
            Observation seen = new Observation(
                    floats("log_prob"),
                    floats("entropy_nats"),
                    floats("waad"),
                    floats("fai"),
                    row.getObject("receiver_fai") == null ? null : floats("receiver_fai"),
                    links(responseIds.length),
                    map(),
                    further());
            return new RunRow(trace, texts("prompt_tokens"), seen, place());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(where + ": not what a run writes (" + e.getMessage() + ")", e);
        }
    }

    private @Nullable TrainingPlace place() throws SQLException {
        if (!columns.containsAll(TraceColumns.TRAINING) || row.getObject("step") == null) {
            return null;
        }
        Double advantage = row.getObject("advantage", Double.class);
        return new TrainingPlace(
                row.getLong("step"),
                row.getInt("prompt_index"),
                row.getInt("sample"),
                advantage == null ? Double.NaN : advantage);
    }

    private @Nullable Links links(int length) throws SQLException {
        if (!columns.contains("links") || row.getObject("global_positions") == null) {
            return null;
        }
        return new Links(
                rows(ints("global_positions"), length),
                rows(floats("global_weights"), length),
                rows(ints("local_positions"), length),
                rows(floats("local_weights"), length),
                edges(length));
    }

    private @Nullable FlowEdges edges(int length) throws SQLException {
        if (!columns.contains("flow_edges") || row.getObject("in_positions") == null) {
            return null;
        }
        return new FlowEdges(
                rows(ints("in_positions"), length),
                rows(floats("in_flows"), length),
                rows(ints("out_positions"), length),
                rows(floats("out_flows"), length));
    }

    private @Nullable MeanMaps map() throws SQLException {
        if (!columns.contains("map_window") || row.getObject("map_global") == null) {
            return null;
        }
        return new MeanMaps(row.getInt("map_start"), row.getInt("map_end"), floats("map_global"), floats("map_local"));
    }

    private Map<String, float[]> further() throws SQLException {
        Map<String, float[]> series = new LinkedHashMap<>();
        for (String name : further) {
            if (row.getObject(name) != null) {
                series.put(name, floats(name));
            }
        }
        return series;
    }

    private static <T> T given(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    private int[] ints(String column) throws SQLException {
        Object[] list = Duck.list(row, column);
        int[] values = new int[list.length];
        for (int i = 0; i < values.length; i++) {
            if (list[i] == null) {
                throw new IllegalArgumentException(column + " has a NULL");
            }
            values[i] = (Integer) list[i];
        }
        return values;
    }

    private float[] floats(String column) throws SQLException {
        return Duck.floats(row, column);
    }

    private @Nullable List<String> texts(String column) throws SQLException {
        return row.getArray(column) == null
                ? null
                : Arrays.stream(Duck.list(row, column)).map(String.class::cast).toList();
    }

    private static int[][] rows(int[] flat, int length) {
        int m = width(flat.length, length);
        return IntStream.range(0, length)
                .mapToObj(t -> Arrays.copyOfRange(flat, t * m, (t + 1) * m))
                .toArray(int[][]::new);
    }

    private static float[][] rows(float[] flat, int length) {
        int m = width(flat.length, length);
        return IntStream.range(0, length)
                .mapToObj(t -> Arrays.copyOfRange(flat, t * m, (t + 1) * m))
                .toArray(float[][]::new);
    }

    /** m, the number of links per token. */
    private static int width(int values, int length) {
        if (values % length != 0) {
            throw new IllegalArgumentException("links has " + values + " values for " + length + " tokens");
        }
        return values / length;
    }
}
