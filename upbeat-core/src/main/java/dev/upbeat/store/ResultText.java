package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes query results row by row, as CSV or JSONL. */
public final class ResultText {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern TO_QUOTE = Pattern.compile("[\",\\r\\n]|^\\s|\\s$");

    /** The beginning of a cell that a spreadsheet executes as a formula. */
    private static final Pattern FORMULA = Pattern.compile("^[=+\\-@\\t\\r]");

    private static final Pattern NUMBER = Pattern.compile("[+-]?((\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?|Infinity)");

    private ResultText() {}

    public static List<String> columnNames(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        return names;
    }

    /**
     * Writes a header and one line per row, quoted as in RFC 4180, with LF as line end. NULL is an empty field, an
     * empty text is {@code ""}; lists and structs are JSON.
     */
    public static void writeCsv(ResultSet result, Appendable out) throws SQLException, IOException {
        List<String> names = columnNames(result);
        for (int i = 0; i < names.size(); i++) {
            out.append(i == 0 ? "" : ",").append(quote(names.get(i)));
        }
        out.append('\n');
        while (result.next()) {
            for (int i = 1; i <= names.size(); i++) {
                JsonNode value = SqlValue.json(result.getObject(i));
                out.append(i == 1 ? "" : ",").append(value.isNull() ? "" : quote(text(value)));
            }
            out.append('\n');
        }
    }

    /** A text without quotes, any other value as JSON. */
    public static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** Puts an apostrophe before a cell that begins like a formula, as OWASP advises, unless it is a number. */
    private static String quote(String given) {
        boolean formula =
                FORMULA.matcher(given).find() && !NUMBER.matcher(given).matches();
        String text = formula ? "'" + given : given;
        return text.isEmpty() || TO_QUOTE.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** Writes one JSON object per line; numbers read back unchanged. */
    public static void writeJsonl(ResultSet result, Appendable out) throws SQLException, IOException {
        List<String> names = columnNames(result);
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new BadInputException(
                        "SQL: two columns are named " + name + "; JSON needs different names. Rename one with AS");
            }
        }
        while (result.next()) {
            ObjectNode row = JSON.createObjectNode();
            for (int i = 0; i < names.size(); i++) {
                row.set(names.get(i), SqlValue.json(result.getObject(i + 1)));
            }
            out.append(JSON.writeValueAsString(row)).append('\n');
        }
    }
}
