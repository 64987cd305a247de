package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * The embedded DuckDB: in memory, without a home directory, secrets or network. The first connection of a process
 * unpacks and loads the native library, about a second: open one only when it is needed.
 */
final class Duck {
    private static final Pattern WRAPPER =
            Pattern.compile("^Invalid Input Error: Attempting to execute an unsuccessful [^\\n]*\\nError: ");

    private Duck() {}

    static Connection open() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_persistent_secrets", "false");
        settings.setProperty("temp_directory", spillDirectory().toString());
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        return DriverManager.getConnection("jdbc:duckdb:", settings);
    }

    /**
     * Directory that DuckDB creates when it spills to disk, and deletes again; by default it would be in the working
     * directory.
     */
    private static Path spillDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"), "upbeat-duckdb-" + AtomicFiles.unique());
    }

    /** SQL types of a query's columns by name, in their order. */
    static Map<String, String> columns(Statement statement, String query) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        try (ResultSet columns = statement.executeQuery("DESCRIBE " + query)) {
            while (columns.next()) {
                types.put(columns.getString("column_name"), columns.getString("column_type"));
            }
        }
        return types;
    }

    /** Whether a column of this SQL type can hold one number per token. */
    static boolean isSeries(@Nullable String type) {
        return "FLOAT[]".equals(type) || "DOUBLE[]".equals(type);
    }

    /** @throws IllegalArgumentException if the list is NULL */
    static Object[] list(ResultSet row, String column) throws SQLException {
        Array list = row.getArray(column);
        if (list == null) {
            throw new IllegalArgumentException(column + " is NULL");
        }
        return (Object[]) list.getArray();
    }

    /**
     * A list of numbers, NaN for NULL.
     *
     * @throws IllegalArgumentException if the list is NULL
     */
    static float[] floats(ResultSet row, String column) throws SQLException {
        Object[] list = list(row, column);
        float[] values = new float[list.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = list[i] == null ? Float.NaN : (Float) list[i];
        }
        return values;
    }

    /** {@code text} as an SQL string literal. */
    static String literal(Object text) {
        return "'" + text.toString().replace("'", "''") + "'";
    }

    /** {@code name} as a quoted SQL identifier. */
    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** Whether a query ended because it would exceed its limit of memory or disk. */
    static boolean isOutOfMemory(SQLException e) {
        return reason(e).startsWith("Out of Memory Error:");
    }

    /** DuckDB's message on one line, without the driver's prefix and the arrow under the statement. */
    static String reason(SQLException e) {
        String message = e.getMessage();
        return message == null
                ? e.toString()
                : WRAPPER.matcher(message)
                        .replaceFirst("")
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.equals("^"))
                        .collect(Collectors.joining("; "));
    }
}
