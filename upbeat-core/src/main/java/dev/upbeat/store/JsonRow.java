package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of a prompts or traces file, read field by field. A null field counts as absent. A field of the wrong type
 * throws {@link BadInputException} naming the file, the row and the field.
 *
 * @param where file and place, for messages: "prompts.jsonl, line 3"
 * @param number of the row, from 1: the line in JSONL, the row in Parquet
 */
record JsonRow(String where, long number, ObjectNode fields) {
    /** The row's own id, or {@code row-<number>} if it has none. */
    String id() {
        JsonNode id = get("id");
        if (id == null) {
            return "row-" + number;
        }
        if (id.isTextual() && !id.textValue().isEmpty()) {
            return printable(unicode("id", id.textValue()));
        }
        if (id.isIntegralNumber()) {
            return id.asText();
        }
        throw wrong("id is " + kind(id) + "; expected a text that is not empty, or a whole number");
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    @Nullable
    String text(String name) {
        JsonNode value = get(name);
        return value == null ? null : text(name, value);
    }

    /** A text as it is, any other value as its JSON. */
    @Nullable
    String textOrJson(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        return value.isTextual() ? unicode(name, value.textValue()) : value.toString();
    }

    @Nullable
    Double number(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(name + " is " + kind(value) + "; expected a finite number");
        }
        return value.doubleValue();
    }

    /** Token ids, [n]. */
    int @Nullable [] ids(String name) {
        ArrayNode values = array(name, "an array of token ids");
        if (values == null) {
            return null;
        }
        int[] ids = new int[values.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode value = values.get(i);
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
                throw wrong(name + "[" + i + "] is " + kind(value) + "; a token id is a whole number from 0 to "
                        + Integer.MAX_VALUE);
            }
            ids[i] = value.intValue();
        }
        return ids;
    }

    /** One value per response token, NaN for null (or the NaN that some writers use), [n]. */
    float @Nullable [] series(String name) {
        ArrayNode values = array(name, "an array of numbers and nulls");
        if (values == null) {
            return null;
        }
        float[] series = new float[values.size()];
        for (int i = 0; i < series.length; i++) {
            JsonNode value = values.get(i);
            series[i] = value.isNull() ? Float.NaN : value.floatValue();
            if ((!value.isNull() && !value.isNumber()) || Float.isInfinite(series[i])) {
                throw wrong(name + "[" + i + "] is " + kind(value) + "; expected a number of at most " + Float.MAX_VALUE
                        + ", or null if it is undefined");
            }
        }
        return series;
    }

    private @Nullable ArrayNode array(String name, String expected) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ArrayNode values)) {
            throw wrong(name + " is " + kind(value) + "; expected " + expected);
        }
        return values;
    }

    /** @param name name of the value in messages */
    String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong(name + " is " + kind(value) + "; expected a text");
        }
        return unicode(name, value.textValue());
    }

    /** Rejects half a surrogate pair, which JSON can spell but no tokenizer can encode. */
    private String unicode(String name, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw wrong(name + " has half a surrogate pair (\\ud800 to \\udfff), which is not Unicode text;"
                    + " write the whole pair");
        }
        return text;
    }

    /** Rejects unpaired surrogates anywhere in a value. */
    void requireUnicode(String name, JsonNode value) {
        unicode(name, value.toString());
    }

    /** Rejects control characters: ids appear on terminals and pages, and in SQL, which ends at U+0000. */
    private String printable(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i)) || VisibleText.isReordering(id.charAt(i))) {
                throw wrong(String.format(
                        Locale.ROOT,
                        "id has the control character U+%04X at its character %d; expected an id that can be printed",
                        (int) id.charAt(i),
                        i + 1));
            }
        }
        return id;
    }

    /** The names of the fields that are not null, for messages that say what a row has. */
    String given() {
        List<String> names = new ArrayList<>();
        fields.fieldNames().forEachRemaining(name -> {
            if (has(name)) {
                names.add(name);
            }
        });
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    BadInputException wrong(String message) {
        return new BadInputException(where + ": " + message);
    }

    /** Description of a value for messages: numbers, booleans and null as they are, other values by kind. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER, BOOLEAN, NULL -> value.asText();
            case STRING -> value.textValue().isEmpty() ? "an empty text" : "a text";
            case ARRAY, OBJECT -> "an " + value.getNodeType().name().toLowerCase(Locale.ROOT);
            default -> "no JSON value";
        };
    }
}
