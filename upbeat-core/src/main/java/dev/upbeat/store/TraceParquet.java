package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.trace.Observation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes {@code traces.parquet} row by row, in memory that does not grow with the number of rows: every
 * {@code tokensAPart} tokens become a Parquet file of their own, joined at the end into one with row groups of at most
 * about {@value #ROW_GROUP_BYTES} bytes. DuckDB alone would hold 2,048 rows in memory, regardless of their length.
 */
final class TraceParquet implements AutoCloseable {
    static final int TOKENS_A_PART = 1 << 17;
    private static final long ROW_GROUP_BYTES = 64 << 20;

    private final Path file;
    private final int tokensAPart;
    private final List<String> further;
    private final Connection connection;
    private final List<Path> parts = new ArrayList<>();
    private final String unique = AtomicFiles.unique();
    private TraceAppender rows;
    private long tokensWaiting;
    private boolean rewards;
    private boolean places;
    private boolean links;
    private boolean edges;
    private boolean maps;

    /**
     * @param file the file that {@link #finish} writes; parts lie beside it until then
     * @param further names of the further columns that every observation has
     */
    TraceParquet(Path file, int tokensAPart, Collection<String> further) throws IOException {
        this.file = file;
        this.tokensAPart = tokensAPart;
        this.further = List.copyOf(further);
        further.stream().filter(TraceColumns::isOwn).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("a further column cannot be called " + name + ": that name is taken");
        });
        try {
            connection = Duck.open();
            try (Statement statement = connection.createStatement()) {
                // Row groups by size exist only without this setting; one thread keeps the order anyway.
                statement.execute("SET preserve_insertion_order = false");
                statement.execute("SET threads = 1");
            }
            rows = new TraceAppender(connection, this.further);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    void add(RunRow row) throws IOException {
        Observation seen = row.seen();
        if (!seen.columns().keySet().equals(Set.copyOf(further))) {
            throw new IllegalArgumentException("trace " + row.trace().id() + " has the further columns "
                    + seen.columns().keySet() + ", the first trace " + further + "; all traces have the same");
        }
        try {
            if (tokensWaiting >= tokensAPart) {
                writePart();
            }
            rows.add(row);
        } catch (SQLException e) {
            throw failure(e);
        }
        tokensWaiting += row.trace().length();
        rewards |= row.trace().reward() != null;
        places |= row.place() != null;
        links |= seen.links() != null;
        edges |= seen.links() != null && seen.links().flow() != null;
        maps |= seen.map() != null;
    }

    private void writePart() throws SQLException {
        Path part = file.resolveSibling("." + file.getFileName() + "." + unique + "." + parts.size());
        rows.close();
        parts.add(part);
        copy("SELECT * FROM traces", part);
        rows = new TraceAppender(connection, further);
        tokensWaiting = 0;
    }

    /** Writes the file with the added rows in their order, without the columns that are empty in all of them. */
    void finish() throws IOException {
        String columns = String.join(", ", TraceColumns.ALWAYS.keySet())
                + ", " + String.join(", ", TraceColumns.PEAKS)
                + (rewards ? ", reward" : "")
                + (places ? ", " + String.join(", ", TraceColumns.TRAINING) : "")
                + (links ? ", links" : "")
                + (edges ? ", flow_edges" : "")
                + (maps ? ", map_window" : "")
                + further.stream().map(name -> ", " + Duck.identifier(name)).collect(Collectors.joining());
        AtomicFiles.writePath(file, temporary -> {
            try {
                if (!parts.isEmpty()) {
                    writePart();
                }
                String source = parts.isEmpty()
                        ? "traces"
                        : parts.stream().map(Duck::literal).collect(Collectors.joining(", ", "read_parquet([", "])"));
                copy("SELECT " + columns + " FROM " + source, temporary);
            } catch (SQLException e) {
                throw new IOException(Duck.reason(e), e);
            }
        });
    }

    private void copy(String query, Path target) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + query + ") TO " + Duck.literal(target)
                    + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE_BYTES " + ROW_GROUP_BYTES + ")");
        }
    }

    private IOException failure(SQLException e) {
        return new IOException("cannot write " + file + ": " + Duck.reason(e), e);
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            rows.close();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        }
    }
}
