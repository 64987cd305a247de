package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MapWindow;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.AbstractList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code traces.parquet} row by row ({@link TraceColumns}). Floats keep their bits. Rows wait in DuckDB, which
 * moves them to disk beyond its memory limit, not in the heap.
 */
final class TraceParquet implements AutoCloseable {
    private static final String MEMORY_LIMIT = "1GB";

    private final Connection connection;
    private final DuckDBAppender appender;
    private boolean rewards;
    private boolean links;
    private boolean maps;

    TraceParquet() throws IOException {
        try {
            connection = Duck.open();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET memory_limit = '" + MEMORY_LIMIT + "'");
                statement.execute("CREATE TABLE traces (" + TraceColumns.definition() + ")");
            }
            appender = connection.unwrap(DuckDBConnection.class).createAppender("traces");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    void add(Trace trace, @Nullable List<String> promptTokens, Observation seen) throws IOException {
        try {
            appender.beginRow().append(trace.id());
            appender.append(trace.promptIds()).append(trace.responseIds());
            appendTexts(trace.tokens());
            appendSeries(seen.logProbs());
            appendSeries(seen.entropyNats());
            appendSeries(seen.waad());
            appendSeries(seen.fai());
            appendSeries(seen.receiverFai());
            appender.append(trace.temperature());
            appendTexts(promptTokens);
            appender.append(trace.reward());
            appendLinks(seen.links());
            appendMap(seen.map());
            appender.endRow().flush();
        } catch (SQLException e) {
            throw failure(e);
        }
        rewards |= trace.reward() != null;
        links |= seen.links() != null;
        maps |= seen.map() != null;
    }

    private void appendTexts(@Nullable List<String> texts) throws SQLException {
        if (texts == null) {
            appender.appendNull();
        } else {
            appender.append(texts);
        }
    }

    private void appendSeries(float @Nullable [] series) throws SQLException {
        if (series == null) {
            appender.appendNull();
            return;
        }
        boolean[] undefined = new boolean[series.length];
        for (int t = 0; t < series.length; t++) {
            undefined[t] = Float.isNaN(series[t]);
        }
        appender.append(series, undefined);
    }

    private void appendLinks(@Nullable Links links) throws SQLException {
        if (links == null) {
            appender.appendNull();
            return;
        }
        appender.beginStruct();
        appender.append(rows(links.globalPositions())).append(rows(links.globalWeights()));
        appender.append(rows(links.localPositions())).append(rows(links.localWeights()));
        appender.endStruct();
    }

    private void appendMap(@Nullable MapWindow map) throws SQLException {
        if (map == null) {
            appender.appendNull();
            return;
        }
        appender.beginStruct().append(map.start()).append(map.end());
        appender.append(map.global()).append(map.local()).endStruct();
    }

    /** The appender takes nested lists only as collections. */
    private static List<List<Integer>> rows(int[][] values) {
        return view(values.length, t -> view(values[t].length, j -> values[t][j]));
    }

    private static List<List<Float>> rows(float[][] values) {
        return view(values.length, t -> view(values[t].length, j -> values[t][j]));
    }

    private interface At<T> {
        T get(int index);
    }

    private static <T> List<T> view(int size, At<T> at) {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return at.get(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Writes what was added, in its order; columns that no trace has anything in are left out. */
    void write(Path file) throws IOException {
        String columns = String.join(", ", TraceColumns.ALWAYS.keySet())
                + (rewards ? ", reward" : "")
                + (links ? ", links" : "")
                + (maps ? ", map_window" : "");
        AtomicFiles.writePath(file, temporary -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("COPY (SELECT " + columns + " FROM traces) TO " + Duck.literal(temporary)
                        + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)");
            } catch (SQLException e) {
                throw failure(e);
            }
        });
    }

    private static IOException failure(SQLException e) {
        return new IOException("cannot write traces: " + Duck.reason(e), e);
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            appender.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
