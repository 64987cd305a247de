package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadRhythm;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * {@code head_series.parquet}, with a row for each head of each trace: {@code trace_id, layer, head} and the head's
 * {@code waad} and {@code fai}, 32-bit floats [T]; undefined elements are NULL.
 */
final class HeadSeriesParquet {
    private HeadSeriesParquet() {}

    /** @param traces by id, in the order of the file */
    static void write(Path file, Map<String, List<HeadRhythm>> traces) throws IOException {
        AtomicFiles.writePath(file, temporary -> {
            try (Connection connection = Duck.open();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE heads (trace_id VARCHAR, layer INTEGER, head INTEGER, waad FLOAT[], fai FLOAT[])");
                try (DuckDBAppender rows =
                        connection.unwrap(DuckDBConnection.class).createAppender("heads")) {
                    for (var trace : traces.entrySet()) {
                        for (HeadRhythm head : trace.getValue()) {
                            append(rows, trace.getKey(), head);
                        }
                    }
                }
                statement.execute("COPY heads TO " + Duck.literal(temporary) + " (FORMAT parquet, COMPRESSION zstd)");
            } catch (SQLException e) {
                throw new IOException(Duck.reason(e), e);
            }
        });
    }

    private static void append(DuckDBAppender rows, String trace, HeadRhythm own) throws SQLException {
        rows.beginRow()
                .append(trace)
                .append(own.head().layer())
                .append(own.head().head());
        rows.append(own.waad(), undefined(own.waad()));
        rows.append(own.fai(), undefined(own.fai())).endRow();
    }

    private static boolean[] undefined(float[] series) {
        boolean[] undefined = new boolean[series.length];
        for (int t = 0; t < series.length; t++) {
            undefined[t] = Float.isNaN(series[t]);
        }
        return undefined;
    }

    /**
     * Reads the heads of one trace in the file's order; empty if the file does not have the trace.
     *
     * @throws BadInputException if the file is not what {@link #write} writes
     */
    static List<HeadRhythm> read(Path file, String trace) {
        List<HeadRhythm> heads = new ArrayList<>();
        String source = "read_parquet(" + Duck.literal(file.toAbsolutePath()) + ")";
        String sql = "SELECT layer::INTEGER AS layer, head::INTEGER AS head, waad::FLOAT[] AS waad, fai::FLOAT[] AS fai"
                + " FROM " + ParquetBatches.source(file) + " WHERE trace_id = " + Duck.literal(trace) + " AND ";
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            Map<String, String> columns = Duck.columns(statement, "SELECT * FROM " + source);
            for (String batch : ParquetBatches.of(statement, file, columns, Long.MAX_VALUE, false)) {
                try (ResultSet rows = statement.executeQuery(sql + batch)) {
                    while (rows.next()) {
                        Head head = new Head(rows.getInt("layer"), rows.getInt("head"));
                        heads.add(new HeadRhythm(head, Duck.floats(rows, "waad"), Duck.floats(rows, "fai")));
                    }
                }
            }
            return heads;
        } catch (SQLException | IllegalArgumentException e) {
            String reason = e instanceof SQLException failure ? Duck.reason(failure) : e.getMessage();
            throw new BadInputException(file + ": cannot be read as a run's head series: " + reason, e);
        }
    }
}
