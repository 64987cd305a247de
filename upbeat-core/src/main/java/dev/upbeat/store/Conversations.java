package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.trace.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads conversations of a row: a list of messages, or the same as JSON text, as in CSV and some Parquet files. */
final class Conversations {
    private static final ObjectMapper JSON = RowFile.mapper();
    private static final String EXPECTED = "{\"role\": text, \"content\": text}";

    /** The beginning of a list of messages in JSON or Python notation. */
    private static final Pattern LIST_OF_MESSAGES = Pattern.compile("\\s*\\[\\s*\\{\\s*[\"'](role|content)[\"']\\s*:");

    private Conversations() {}

    /** Whether a text is a conversation as JSON. Rejects one in Python's notation, which is not JSON. */
    static boolean isWrittenAsText(JsonRow row, String name, String text) {
        if (!LIST_OF_MESSAGES.matcher(text).lookingAt()) {
            return false;
        }
        JsonNode value;
        try {
            value = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw row.wrong(name + " is the text of a list of messages, but not JSON (Python prints lists with single "
                    + "quotes); expected [{\"role\": .., \"content\": ..}]. Write it with json.dumps");
        }
        for (JsonNode message : value) {
            if (!message.has("role")) {
                return false;
            }
        }
        return true;
    }

    /** The field, parsed as JSON if it is a text; null if the row has none. */
    static @Nullable JsonNode parsed(JsonRow row, String name) {
        JsonNode value = row.get(name);
        if (value == null || !value.isTextual()) {
            return value;
        }
        if (value.textValue().isBlank()) {
            return null;
        }
        try {
            JsonNode parsed = JSON.readTree(value.textValue());
            return parsed.isNull() ? null : parsed;
        } catch (JsonProcessingException e) {
            throw row.wrong(name + " is a text that is not JSON; expected a JSON value");
        }
    }

    /** A conversation with at least one message that has content. */
    static List<Message> read(JsonRow row, String name) {
        JsonNode value = parsed(row, name);
        if (!(value instanceof ArrayNode values)) {
            throw row.wrong(name + " is " + (value == null ? "an empty text" : JsonRow.kind(value))
                    + "; expected an array of {\"role\", \"content\"}");
        }
        List<Message> messages = new ArrayList<>();
        boolean empty = true;
        for (int i = 0; i < values.size(); i++) {
            String place = name + "[" + i + "]";
            if (!(values.get(i) instanceof ObjectNode fields)) {
                throw row.wrong(place + " is " + JsonRow.kind(values.get(i)) + "; expected " + EXPECTED);
            }
            Message message = message(row, place, fields);
            empty &= message.content().isEmpty() && !hasContentElsewhere(message.fields());
            messages.add(message);
        }
        if (empty) {
            throw row.wrong(name + " is empty; expected at least one message with content");
        }
        return List.copyOf(messages);
    }

    private static Message message(JsonRow row, String place, ObjectNode node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isNull()) { // as transformers: null is absent
                String name = place + "." + entry.getKey();
                Object value =
                        switch (entry.getKey()) {
                            case "role", "reasoning_content" -> row.text(name, entry.getValue());
                            case "content" -> content(row, name, entry.getValue());
                            case "tool_calls" -> objects(row, name, entry.getValue());
                            default -> value(row, name, entry.getValue());
                        };
                fields.put(entry.getKey(), value);
            }
        }
        for (String needed : List.of("role", "content")) {
            if (!fields.containsKey(needed) && (needed.equals("role") || !hasContentElsewhere(fields))) {
                throw row.wrong(place + " is without " + needed + "; expected " + EXPECTED);
            }
        }
        if (String.valueOf(fields.get("role")).isEmpty()) {
            throw row.wrong(place + ".role is empty; expected user, assistant or system");
        }
        return new Message(fields);
    }

    private static boolean hasContentElsewhere(Map<String, Object> fields) {
        return fields.containsKey("tool_calls") || fields.containsKey("reasoning_content");
    }

    /** A text, or the joined texts of a list of parts. */
    private static String content(JsonRow row, String name, JsonNode value) {
        if (!value.isArray()) {
            return row.text(name, value);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            JsonNode part = value.get(i);
            String place = name + "[" + i + "]";
            if (part.isTextual()) {
                text.append(row.text(place, part));
                continue;
            }
            String type = part.path("type").asText("text");
            if (!type.equals("text") || !part.path("text").isTextual()) {
                throw row.wrong(place + " is " + (part.isObject() ? "a part of the type " + type : JsonRow.kind(part))
                        + "; expected {\"type\": \"text\", \"text\": ..}, because only models of text are supported");
            }
            text.append(row.text(place + ".text", part.get("text")));
        }
        return text.toString();
    }

    /** A list of objects: tools, tool calls or documents. */
    static List<Object> objects(JsonRow row, String name, JsonNode value) {
        if (!value.isArray()) {
            throw row.wrong(name + " is " + JsonRow.kind(value) + "; expected an array of objects");
        }
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (!value.get(i).isObject()) {
                throw row.wrong(name + "[" + i + "] is " + JsonRow.kind(value.get(i)) + "; expected an object");
            }
            objects.add(value(row, name + "[" + i + "]", value.get(i)));
        }
        return objects;
    }

    /** A JSON value in the form that chat templates take. */
    static Object value(JsonRow row, String name, JsonNode value) {
        row.requireUnicode(name, value);
        return JSON.convertValue(value, Object.class);
    }
}
