package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.BadInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/**
 * Rejects statements that do more than read. DuckDB's parser decides: it serialises only statements that read.
 */
final class ReadOnlySql {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Functions that a SELECT can call and that do more than read: the log can be sent to a file (and a path that is not
     * allowed ends the process), raw addresses can be read, and a text can hold another statement.
     */
    private static final Set<String> REFUSED = Set.of(
            "enable_logging",
            "disable_logging",
            "truncate_duckdb_logs",
            "write_log",
            "checkpoint",
            "force_checkpoint",
            "arrow_scan",
            "arrow_scan_dumb",
            "query",
            "json_execute_serialized_sql");

    private ReadOnlySql() {}

    /**
     * @throws BadInputException if {@code sql} is not one statement that only reads
     * @throws SQLException if the check itself fails
     */
    static void check(Connection connection, String sql) throws SQLException {
        JsonNode parsed = parse(connection, sql);
        if (parsed.path("error").booleanValue()) {
            boolean otherStatement = parsed.path("error_type").asText().equals("not implemented");
            throw new BadInputException(
                    otherStatement
                            ? "SQL: \"" + sql.strip() + "\" is not read-only; expected SELECT, DESCRIBE, SHOW or"
                                    + " SUMMARIZE (PIVOT needs its IN (..) written out)"
                            : "SQL: " + explained(parsed.path("error_message").asText()));
        }
        int statements = parsed.path("statements").size();
        if (statements != 1) {
            throw new BadInputException("SQL: given " + statements + " statements; expected one");
        }
        for (JsonNode function : parsed.findValues("function_name")) {
            if (REFUSED.contains(function.asText().toLowerCase(Locale.ROOT))) {
                throw new BadInputException("SQL: " + function.asText() + " is not read-only; leave it out");
            }
        }
    }

    /** The column {@code end} of chunks is a word of SQL. */
    private static String explained(String error) {
        return error.contains("at or near \"end\"")
                ? error + "; the name of the column must be quoted: SELECT \"end\" FROM chunks"
                : error;
    }

    private static JsonNode parse(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return JSON.readTree(row.getString(1));
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException("SQL: nested too deeply; expected a simpler statement", e);
        }
    }
}
