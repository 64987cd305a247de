package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.MachineMemory;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Read-only SQL (DuckDB) over a run directory. A table exists if the run has its file:
 *
 * <ul>
 *   <li>{@code traces}: {@code traces.parquet}, or all of {@code traces/step-*.parquet}; columns as in {@link
 *       TraceColumns};
 *   <li>{@code tokens}: a row for each response token: {@code trace_id, position} (absolute in the whole sequence: the
 *       first response token is at P), {@code token_id, token}, and the series of {@code traces} under the same names;
 *       then {@code step} if the traces have it;
 *   <li>{@code chunks}: a row for each chunk, the tokens from one WAAD peak to the next
 *       ({@link dev.upbeat.linkage.Chunk}): {@code trace_id, start, end} (absolute, half open), {@code tokens},
 *       {@code depth} (NULL before the first peak), {@code text};
 *   <li>{@code couplings}: a row for each locally dominated anchor ({@link dev.upbeat.credit.Couplings}):
 *       {@code trace_id}, {@code intro} and {@code anchor} (absolute positions), {@code waad_change} at the intro,
 *       {@code fai} of the anchor;
 *   <li>{@code flow_edges}: a row for each edge of the answer flow that is among the strongest of either of its tokens
 *       ({@link dev.upbeat.trace.FlowEdges}): {@code trace_id}, {@code source} and {@code target} (absolute positions),
 *       {@code flow};
 *   <li>{@code heads}: {@code layer, head, span_tokens, grp} ('local', 'global' or NULL), {@code receiver};
 *   <li>{@code head_series}: {@code head_series.parquet}, a row for each head of each trace:
 *       {@code trace_id, layer, head} and the head's {@code waad} and {@code fai}, lists over the response;
 *   <li>{@code metrics}: {@code metrics.jsonl}, a row for each step.
 * </ul>
 *
 * Only a single statement that reads (SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE) is accepted, because
 * DuckDB could also write the run's files. It cannot open any other file, load an extension or change a setting. A
 * query may use the given memory and the same amount of disk. DuckDB does not count single long values, so run a user's
 * statement in a process with its own limit. {@link #cancel} stops a query.
 */
public final class RunSql implements AutoCloseable {
    private final Path directory;
    private final long memoryBytes;
    private final Connection connection;
    private final List<String> tables = new ArrayList<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile @Nullable Statement running;

    private RunSql(Path directory, long memoryBytes) throws SQLException {
        this.directory = directory;
        this.memoryBytes = memoryBytes;
        connection = Duck.open();
    }

    /** Opens a run with one thread per processor and a quarter of the machine's memory. */
    public static RunSql open(Path directory) throws IOException {
        return open(directory, Runtime.getRuntime().availableProcessors(), MachineMemory.bytes() / 4);
    }

    /**
     * @param threads threads of a query
     * @param memoryBytes largest memory of a query, and largest space on disk
     * @throws BadInputException if the directory is not there, has none of a run's files, or one is broken
     */
    public static RunSql open(Path directory, int threads, long memoryBytes) throws IOException {
        RunFiles.requireDirectory(directory);
        KnownEntries.RUN.requireOwnKinds(directory);
        List<Path> traces = RunFiles.traces(directory);
        Path metrics = directory.resolve(RunFiles.METRICS).toAbsolutePath();
        Path heads = directory.resolve(RunFiles.HEADS);
        Path headSeries = directory.resolve(RunFiles.HEAD_SERIES).toAbsolutePath();
        try {
            RunSql sql = new RunSql(directory, memoryBytes);
            try (Statement statement = sql.connection.createStatement()) {
                List<Path> readable = new ArrayList<>(traces);
                if (!traces.isEmpty()) {
                    sql.createTraces(statement, traces);
                }
                if (Files.exists(heads)) {
                    sql.createHeads(statement, HeadsFile.read(heads));
                }
                if (Files.exists(headSeries)) {
                    sql.createView(
                            statement, "head_series", "SELECT * FROM read_parquet(" + Duck.literal(headSeries) + ")");
                    readable.add(headSeries);
                }
                if (Files.exists(metrics)) {
                    sql.createView(
                            statement,
                            "metrics",
                            "SELECT * FROM read_json(" + Duck.literal(metrics)
                                    + ", format = 'newline_delimited', sample_size = -1)");
                    readable.add(metrics);
                }
                if (sql.tables.isEmpty()) {
                    throw new BadInputException(directory + ": is not a run directory; expected one of "
                            + RunFiles.TRACES
                            + ", " + RunFiles.STEPS + "/step-*.parquet, " + RunFiles.HEADS + ", " + RunFiles.METRICS);
                }
                bound(statement, threads, memoryBytes);
                lock(statement, readable);
                return sql;
            } catch (SQLException | IOException | RuntimeException e) {
                sql.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new BadInputException(directory + ": cannot be read as a run: " + Duck.reason(e), e);
        }
    }

    private void createView(Statement statement, String name, String query) throws SQLException {
        statement.execute("CREATE VIEW " + name + " AS " + query);
        tables.add(name);
    }

    private void createTraces(Statement statement, List<Path> files) throws SQLException {
        createView(statement, "traces", "SELECT * FROM read_parquet(" + literals(files) + ", union_by_name = true)");
        for (Map.Entry<String, String> view :
                TokenViews.of(Duck.columns(statement, "FROM traces")).entrySet()) {
            createView(statement, view.getKey(), view.getValue());
        }
    }

    private void createHeads(Statement statement, HeadGroups groups) throws SQLException {
        statement.execute(
                "CREATE TABLE heads (layer INTEGER, head INTEGER, span_tokens FLOAT, grp VARCHAR, receiver BOOLEAN)");
        try (DuckDBAppender appender = connection.unwrap(DuckDBConnection.class).createAppender("heads")) {
            for (var layer : groups.spanTokens().entrySet()) {
                for (int h = 0; h < layer.getValue().length; h++) {
                    Head head = new Head(layer.getKey(), h);
                    String group = groups.local().contains(head)
                            ? "local"
                            : groups.global().contains(head) ? "global" : null;
                    appender.beginRow().append(head.layer()).append(h).append(layer.getValue()[h]);
                    appender.append(group)
                            .append(groups.receiver().contains(head))
                            .endRow();
                }
            }
        }
        tables.add("heads");
    }

    private static void bound(Statement statement, int threads, long memoryBytes) throws SQLException {
        statement.execute("SET threads = " + threads);
        // The other half is for memory that DuckDB does not count, and for the result in Java.
        statement.execute("SET memory_limit = '" + (memoryBytes >> 21) + " MiB'");
        statement.execute("SET max_temp_directory_size = '" + (memoryBytes >> 20) + " MiB'");
    }

    private static void lock(Statement statement, List<Path> readable) throws SQLException {
        statement.execute("SET allowed_paths = " + literals(readable));
        statement.execute("SET enable_external_access = false");
        statement.execute("SET lock_configuration = true");
    }

    private static String literals(List<Path> files) {
        return files.stream().map(Duck::literal).collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * Runs one statement and writes its result.
     *
     * @param writer the format, such as {@link ResultText#writeCsv}
     * @param out receives the text; is not closed
     * @throws BadInputException if the statement is wrong, with DuckDB's message, does more than read, or exceeds its
     *     limit of memory or disk
     * @throws CancellationException if it was cancelled
     * @throws IOException if {@code out} cannot be written
     */
    public void query(String sql, ResultWriter writer, Appendable out) throws IOException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            requireGoing(); // in case of a cancellation before the statement existed
            ReadOnlySql.check(connection, sql);
            Appendable until = new UntilCancelled(out);
            try (ResultSet result = statement.executeQuery(sql)) {
                writer.write(result, until);
            }
        } catch (OutOfMemoryError e) { // its memory is free again
            throw new BadInputException(
                    "SQL: the result has a value that is too large for Java's heap ("
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB); select less of it, or raise --memory",
                    e);
        } catch (SQLException e) {
            if (cancelled.get()) {
                throw (CancellationException) new CancellationException("the query was cancelled").initCause(e);
            }
            if (Duck.isOutOfMemory(e)) {
                throw new BadInputException(
                        "SQL: the query needs more than its limit of " + memoryBytes / 1_000_000
                                + " MB of memory and as much on disk; use WHERE, LIMIT or fewer columns, or raise "
                                + "--memory",
                        e);
            }
            throw new BadInputException(
                    "SQL: " + Duck.reason(e) + "; " + directory + " has the tables " + String.join(", ", tables), e);
        } finally {
            running = null;
        }
    }

    private void requireGoing() {
        if (cancelled.get()) {
            throw new CancellationException("the query was cancelled");
        }
    }

    /** Output that stops at a cancellation, even while no call of DuckDB is running. */
    private final class UntilCancelled implements Appendable {
        private final Appendable out;

        UntilCancelled(Appendable out) {
            this.out = out;
        }

        @Override
        public Appendable append(CharSequence text) throws IOException {
            requireGoing();
            out.append(text);
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) throws IOException {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) throws IOException {
            return append(String.valueOf(c));
        }
    }

    /** Cancels the running query, or else the next one; called from another thread. */
    public void cancel() {
        cancelled.set(true);
        Statement statement = running;
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not cancel", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }
}
