package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows of a JSONL or Parquet file; the first bytes tell the two apart. Blank lines are skipped. Columns that were
 * not requested are ignored.
 */
final class RowFile {
    private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(JsonLines.LONGEST_LINE_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Number of columns that a message names. */
    private static final int COLUMNS_NAMED = 5;

    private RowFile() {}

    /** The JSON parser of rows. */
    static JsonMapper mapper() {
        return JSON;
    }

    /**
     * Reads the first {@code limit} rows and nothing after them.
     *
     * @param columns the fields to read; empty for all
     * @param example a row as it should be, for messages
     * @param parse converts a row; the rows' ids must be unique
     * @throws BadInputException if the file, or a row among the first {@code limit}, cannot be used
     */
    static <T> List<T> read(Path file, int limit, List<String> columns, String example, Function<JsonRow, T> parse)
            throws IOException {
        return read(file, limit, columns, example, JsonRow::id, parse);
    }

    /** As above, but unique by a key instead of the id. */
    static <T> List<T> read(
            Path file,
            int limit,
            List<String> columns,
            String example,
            Function<JsonRow, String> key,
            Function<JsonRow, T> parse)
            throws IOException {
        if (limit < 1) {
            throw new BadInputException("limit " + limit + ": expected at least 1 row");
        }
        Map<String, Long> seen = new HashMap<>();
        List<T> rows = new ArrayList<>();
        Sink sink = row -> {
            Long earlier = seen.putIfAbsent(key.apply(row), row.number());
            if (earlier != null) {
                throw row.wrong("id " + row.id() + " is already the id of row " + earlier
                        + "; expected a different id for each row");
            }
            rows.add(parse.apply(row));
            return rows.size() < limit;
        };
        if (isParquet(file)) {
            readParquet(file, limit, columns, example, sink);
        } else {
            readLines(file, example, sink);
        }
        if (rows.isEmpty()) {
            throw new BadInputException(file + ": has no rows; expected at least one, such as " + example);
        }
        return rows;
    }

    /** Takes a row; returns whether it wants another. */
    private interface Sink {
        boolean take(JsonRow row);
    }

    private static boolean isParquet(Path file) throws IOException {
        if (file.toString().isEmpty()) {
            throw new BadInputException("the file's name is empty; expected a JSONL or Parquet file");
        }
        if (!Files.exists(file)) {
            throw new BadInputException(file + ": no such file; expected a JSONL or Parquet file");
        }
        InputFiles.check(file);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(PARQUET.length), PARQUET);
        } catch (AccessDeniedException e) {
            throw new BadInputException(file + ": not readable; give yourself read permission", e);
        }
    }

    private static void readLines(Path file, String example, Sink sink) throws IOException {
        try (JsonLines lines = new JsonLines(file)) {
            boolean more = true;
            for (String line = lines.next(); more && line != null; line = more ? lines.next() : null) {
                if (!line.isBlank()) {
                    String where = file + ", line " + lines.number();
                    more = sink.take(new JsonRow(where, lines.number(), object(where, line, example)));
                }
            }
        }
    }

    private static ObjectNode object(String where, String json, String example) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node instanceof ObjectNode fields) {
                return fields;
            }
            throw new BadInputException(
                    where + ": is not a JSON object; expected one object a line, such as " + example);
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    where + column(e) + ": not valid JSON (" + ParseFault.reason(e)
                            + "); expected one object a line, such as " + example,
                    e);
        }
    }

    private static String column(JsonProcessingException e) {
        return e.getLocation() == null ? "" : ", column " + e.getLocation().getColumnNr();
    }

    private static void readParquet(Path file, int limit, List<String> columns, String example, Sink sink) {
        String source = "read_parquet(" + Duck.literal(file.toAbsolutePath()) + ", binary_as_string = true)";
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            Map<String, String> types = Duck.columns(statement, "SELECT * FROM " + source);
            List<String> present = List.copyOf(types.keySet());
            if (!columns.isEmpty()) {
                types.keySet().retainAll(columns);
            }
            String fields = (columns.isEmpty() ? types.keySet() : columns)
                    .stream()
                            .filter(types::containsKey)
                            .map(Duck::identifier)
                            .map(name -> name + " := " + name)
                            .collect(Collectors.joining(", "));
            if (fields.isEmpty()) {
                throw new BadInputException(file + ": has the columns " + String.join(", ", present)
                        + "; expected some of "
                        + String.join(", ", columns.subList(0, Math.min(COLUMNS_NAMED, columns.size()))));
            }
            boolean more = true;
            long number = 0;
            for (String batch : ParquetBatches.of(statement, file, types, limit, true)) {
                String sql = "SELECT to_json(struct_pack(" + fields + "))::VARCHAR FROM " + ParquetBatches.source(file)
                        + " WHERE " + batch;
                try (ResultSet rows = statement.executeQuery(sql)) {
                    while (more && rows.next()) {
                        number++;
                        String where = file + ", row " + number;
                        more = sink.take(
                                new JsonRow(where, number, withoutNulls(object(where, rows.getString(1), example))));
                    }
                }
            }
        } catch (SQLException e) {
            throw ParquetBatches.failure(file, "Parquet", e);
        }
    }

    /** Drops null fields: the structs of a column have the same fields in all rows, whether a row has a value or not. */
    private static ObjectNode withoutNulls(ObjectNode fields) {
        dropNulls(fields);
        return fields;
    }

    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            fields.properties().removeIf(field -> field.getValue().isNull());
        }
        if (node.isObject() || (node.isArray() && node.path(0).isContainerNode())) {
            node.forEach(RowFile::dropNulls);
        }
    }
}
