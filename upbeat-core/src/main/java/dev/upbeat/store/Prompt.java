package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prompt of a row of text: {@code messages}, or {@code prompt} as a text or as messages. */
record Prompt(@Nullable List<Message> messages, @Nullable String text) {
    /** Null where the row has neither. */
    static @Nullable Prompt of(JsonRow row) {
        JsonNode prompt = row.get("prompt");
        if (prompt == null) {
            return row.has("messages") ? new Prompt(row.messages("messages"), null) : null;
        }
        if (row.has("messages")) {
            throw row.wrong("has both messages and prompt; expected one of them");
        }
        if (prompt.isArray()) {
            return new Prompt(row.messages("prompt"), null);
        }
        String text = row.text("prompt");
        if (text == null || text.isEmpty()) {
            throw row.wrong("prompt is empty; expected a text");
        }
        return new Prompt(null, text);
    }
}
