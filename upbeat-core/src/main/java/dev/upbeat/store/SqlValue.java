package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** A cell of a JDBC result as JSON: lists as arrays, structs and maps as objects, numbers exact. */
public final class SqlValue {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SqlValue() {}

    /** NaN is null; infinities, which JSON lacks, are the texts "Infinity" and "-Infinity"; blobs are hexadecimal. */
    public static JsonNode json(@Nullable Object value) throws SQLException {
        if (value == null) {
            return JSON.nullNode();
        } else if (value instanceof Boolean truth) {
            return JSON.booleanNode(truth);
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Array array) {
            var list = JSON.arrayNode();
            for (Object element : (Object[]) array.getArray()) {
                list.add(json(element));
            }
            return list;
        } else if (value instanceof Struct struct) {
            return object(((DuckDBStruct) struct).getMap());
        } else if (value instanceof Map<?, ?> map) {
            return object(map);
        } else if (value instanceof Blob blob) {
            return JSON.textNode(HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length())));
        } else if (value instanceof Timestamp timestamp) {
            return JSON.textNode(timestamp.toLocalDateTime().toString());
        }
        return JSON.textNode(value.toString());
    }

    private static JsonNode object(Map<?, ?> entries) throws SQLException {
        var object = JSON.objectNode();
        for (var entry : entries.entrySet()) {
            object.set(String.valueOf(entry.getKey()), json(entry.getValue()));
        }
        return object;
    }

    private static JsonNode number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return DecimalNode.valueOf(decimal); // the factory would drop zeros at the end
        } else if (number instanceof BigInteger integer) {
            return JSON.numberNode(integer);
        } else if (number instanceof Float || number instanceof Double) {
            double value = number.doubleValue();
            if (Double.isNaN(value)) {
                return JSON.nullNode();
            }
            if (Double.isInfinite(value)) {
                return JSON.textNode(number.toString());
            }
            return number instanceof Float single ? JSON.numberNode(single.floatValue()) : JSON.numberNode(value);
        }
        return JSON.numberNode(number.longValue());
    }
}
