package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.upbeat.app.serve.MeasureRequest.TraceRow;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the traces of a request, token by token: a tree of JSON nodes would take many times the memory of the ids. The rules
 * are those of a file of traces.
 */
final class TraceReader {
    private static final List<String> FIELDS = List.of("id", "prompt_ids", "response_ids", "temperature", "advantage");
    private static final int LONGEST_ID = 200;
    private static final int FIRST_IDS = 256;

    private final int mostTokens;
    private final List<TraceRow> rows = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private int tokens;

    /** @param mostTokens most tokens of all traces */
    TraceReader(int mostTokens) {
        this.mostTokens = mostTokens;
    }

    /** @throws BadInputException if there is no trace */
    List<TraceRow> rows() {
        if (rows.isEmpty()) {
            throw new BadInputException("traces is missing or empty; expected at least one trace {\"id\": \"1\","
                    + " \"prompt_ids\": [1, 2], \"response_ids\": [3, 4]}");
        }
        return List.copyOf(rows);
    }

    /** Reads the array at which the parser stands. */
    void read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new BadInputException("traces is not an array; expected [{\"prompt_ids\", \"response_ids\"}, ..]");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String where = "traces[" + rows.size() + "]";
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new BadInputException(where + " is not an object; expected {\"prompt_ids\", \"response_ids\"}");
            }
            add(where, trace(parser, where));
        }
    }

    /** Adds a trace. */
    void add(String where, TraceRow row) {
        if (!ids.add(row.id())) {
            throw new BadInputException(
                    where + ": id " + row.id() + " is already that of another trace; expected unique" + " ids");
        }
        rows.add(row);
    }

    private TraceRow trace(JsonParser parser, String where) throws IOException {
        String id = "row-" + (rows.size() + 1);
        int[] prompt = null;
        int[] response = null;
        double temperature = 1;
        Double advantage = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonReading.requireKnown(where, name, FIELDS);
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                continue; // absent
            }
            switch (name) {
                case "id" -> id = id(parser, where);
                case "prompt_ids" -> prompt = tokenIds(parser, where, name);
                case "response_ids" -> response = tokenIds(parser, where, name);
                case "temperature" -> temperature = temperature(number(parser, where, name), where);
                default -> advantage = number(parser, where, name);
            }
        }
        return new TraceRow(
                id, given(prompt, where, "prompt_ids"), given(response, where, "response_ids"), temperature, advantage);
    }

    private static int[] given(int @Nullable [] ids, String where, String name) {
        if (ids == null || ids.length == 0) {
            throw new BadInputException(where + ": " + name + " is " + (ids == null ? "missing" : "empty")
                    + "; expected at least one token");
        }
        return ids;
    }

    private static String id(JsonParser parser, String where) throws IOException {
        JsonToken token = parser.currentToken();
        boolean usable = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING;
        return id(usable ? parser.getText() : "", where);
    }

    /** @throws BadInputException if the id cannot be printed */
    static String id(String id, String where) {
        if (id.isEmpty() || id.length() > LONGEST_ID || !id.equals(VisibleText.of(id)) || hasHalfPair(id)) {
            throw new BadInputException(where + ": expected an id that is a whole number, or a text of 1 to "
                    + LONGEST_ID + " characters without control characters");
        }
        return id;
    }

    /** Whether the text has half a surrogate pair, which UTF-8 cannot spell. */
    private static boolean hasHalfPair(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private int[] tokenIds(JsonParser parser, String where, String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new BadInputException(where + ": " + name + " is not an array; expected an array of token ids");
        }
        int[] values = new int[FIRST_IDS];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() != JsonParser.NumberType.INT
                    || parser.getIntValue() < 0) {
                throw new BadInputException(where + ": " + name + "[" + count + "] is "
                        + JsonReading.quoted(parser.getText(), LONGEST_ID)
                        + "; a token id is a whole number from 0 to " + Integer.MAX_VALUE);
            }
            count(1);
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = parser.getIntValue();
        }
        return Arrays.copyOf(values, count);
    }

    /** Counts tokens of the request. */
    void count(int more) {
        if (more > mostTokens - tokens) {
            throw new Refusal(
                    413,
                    "the request has more than " + mostTokens
                            + " tokens; send fewer traces in a request, or start the service with a larger"
                            + " --max-request-tokens");
        }
        tokens += more;
    }

    private static double number(JsonParser parser, String where, String name) throws IOException {
        if (!parser.currentToken().isNumeric() || !Double.isFinite(parser.getDoubleValue())) {
            throw new BadInputException(where + ": " + name + " is " + JsonReading.quoted(parser.getText(), LONGEST_ID)
                    + "; expected a finite number");
        }
        return parser.getDoubleValue();
    }

    /** Tau; 1 for a greedy response, as in files of traces. */
    static double temperature(double given, String where) {
        if (given < 0) {
            throw new BadInputException(
                    where + ": temperature is " + given + "; expected a positive number, or 0 for greedy");
        }
        return given == 0 ? 1 : given;
    }
}
