package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Splits a Parquet file into batches that fit in memory. A few kilobytes of Parquet can expand to gigabytes: one value repeated
 * a billion times takes a few bytes. So the counts in the footer are checked first, then the length of every row, and rows are
 * read only if both are within the limits.
 */
final class ParquetBatches {
    /** One row as JSON: the limit of a line of a JSONL file. */
    static final long MOST_ROW_BYTES = JsonLines.LONGEST_LINE_BYTES;

    static final long MOST_ROWS = 1_000_000;

    /** Values in one row group, in the columns that are read. DuckDB needs at least 16 bytes for a text. */
    static final long MOST_VALUES = 1L << 26;

    /** Bytes of one column in one row group, decompressed. One page may hold all of it. */
    static final long MOST_COLUMN_BYTES = 512L << 20;

    /** All rows as JSON, if they are held in memory together. */
    static final long MOST_BYTES = 1L << 30;

    private static final long BATCH_BYTES = 64L << 20;
    private static final String MEMORY = "1GB";

    private final Statement statement;
    private final Path file;
    private final Map<String, String> columns;
    private final long limit;
    private final boolean held;

    private ParquetBatches(Statement statement, Path file, Map<String, String> columns, long limit, boolean held) {
        this.statement = statement;
        this.file = file;
        this.columns = columns;
        this.limit = limit;
        this.held = held;
    }

    /**
     * Returns one SQL condition on {@code file_row_number} per batch.
     *
     * @param columns SQL type of each column that is read
     * @param limit number of rows to read, from the first
     * @param held whether all rows stay in memory together
     * @throws BadInputException if the file has too many rows, or a row or row group is too large
     * @throws SQLException if the file is damaged or not Parquet
     */
    static List<String> of(Statement statement, Path file, Map<String, String> columns, long limit, boolean held)
            throws SQLException {
        statement.execute("SET memory_limit = '" + MEMORY + "'");
        return new ParquetBatches(statement, file, columns, limit, held).batches();
    }

    /** The SQL function that reads the file, with {@code file_row_number}. */
    static String source(Path file) {
        return "read_parquet(" + Duck.literal(file.toAbsolutePath())
                + ", binary_as_string = true, file_row_number = true)";
    }

    private List<String> batches() throws SQLException {
        long rows = 0;
        double most = 0; // bound on the bytes, if every value were as long as its whole column
        String sql =
                "SELECT row_group_id, any_value(row_group_num_rows), sum(num_values), max(total_uncompressed_size),"
                        + " sum(num_values * total_uncompressed_size::DOUBLE), min(num_values), min(total_uncompressed_size)"
                        + " FROM parquet_metadata(" + Duck.literal(file.toAbsolutePath()) + ")"
                        + " WHERE split_part(path_in_schema, ', ', 1) IN ("
                        + columns.keySet().stream().map(Duck::literal).collect(Collectors.joining(", "))
                        + ") GROUP BY row_group_id ORDER BY row_group_id";
        try (ResultSet groups = statement.executeQuery(sql)) {
            while (rows < limit && groups.next()) {
                String group = "row group " + groups.getLong(1);
                require(groups.getDouble(3), MOST_VALUES, group, "values");
                require(groups.getDouble(4), MOST_COLUMN_BYTES, group, "bytes in one column");
                if (groups.getLong(2) < 0 || groups.getLong(6) < 0 || groups.getLong(7) < 0) {
                    throw new BadInputException(
                            file + ": " + group + " has a negative size in the footer; the file is damaged");
                }
                rows += groups.getLong(2);
                most += groups.getDouble(5);
            }
        }
        rows = Math.min(rows, limit);
        if (rows > MOST_ROWS) {
            throw new BadInputException(file + ": has " + rows + " rows; expected at most " + MOST_ROWS
                    + ", which are held in memory. Read fewer (--limit N), or split the file");
        }
        if (rows == 0) {
            return List.of();
        }
        return most <= BATCH_BYTES ? List.of("file_row_number < " + limit) : byLength(rows);
    }

    private void require(double given, long most, String where, String what) {
        if (!(given <= most)) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: %s has %.0f %s; expected at most %d, as a row group is held in memory. Write the file again with"
                            + " smaller row groups, or shorter rows",
                    file,
                    where,
                    given,
                    what,
                    most));
        }
    }

    private List<String> byLength(long rows) throws SQLException {
        List<String> names = List.copyOf(columns.keySet());
        String lengths = columns.entrySet().stream()
                .map(column -> "(" + JsonLength.of(Duck.identifier(column.getKey()), column.getValue()) + ")::BIGINT")
                .collect(Collectors.joining(", "));
        List<String> batches = new ArrayList<>();
        long start = 0;
        long bytes = 0;
        long all = 0;
        String sql =
                "SELECT file_row_number, " + lengths + " FROM " + source(file) + " WHERE file_row_number < " + rows;
        try (ResultSet each = statement.executeQuery(sql)) {
            while (each.next()) {
                long row = each.getLong(1);
                long length = 0;
                for (int i = 0; i < names.size(); i++) {
                    long column = each.getLong(i + 2);
                    length += column;
                    if (column > MOST_ROW_BYTES || length > MOST_ROW_BYTES) {
                        throw new BadInputException(file + ", row " + (row + 1) + ": is about " + (length >> 20)
                                + " MiB as text with " + names.get(i) + "; expected at most " + (MOST_ROW_BYTES >> 20)
                                + " MiB. Shorten it, or leave the row out");
                    }
                }
                if (bytes + length > BATCH_BYTES && row > start) {
                    batches.add(between(start, row));
                    start = row;
                    bytes = 0;
                }
                bytes += length;
                all += length;
                if (held && all > MOST_BYTES) {
                    throw new BadInputException(file + ": its first " + (row + 1) + " rows are about " + (all >> 20)
                            + " MiB as text; expected at most " + (MOST_BYTES >> 20)
                            + " MiB, as they are held in memory. Read fewer (--limit N), or split the file");
                }
            }
        }
        batches.add(between(start, rows));
        return batches;
    }

    /**
     * The exception for a file that cannot be read.
     *
     * @param as kind of file that was expected, for the message
     */
    static BadInputException failure(Path file, String as, SQLException e) {
        if (Duck.isOutOfMemory(e)) {
            return new BadInputException(
                    file + ": its rows are too large; expected at most " + (MOST_BYTES >> 20)
                            + " MiB as text, as they are held in memory. Read fewer (--limit N), or split the file",
                    e);
        }
        return new BadInputException(file + ": cannot be read as " + as + ": " + Duck.reason(e), e);
    }

    private static String between(long start, long end) {
        return "file_row_number >= " + start + " AND file_row_number < " + end;
    }
}
