package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row's response as text: {@code response}; {@code completion}, a text or a list of one assistant message (TRL); or the
 * last message of the conversation if it is an assistant's.
 */
final class ResponseFields {
    private static final String ASSISTANT = "assistant";

    private ResponseFields() {}

    /** The field response or completion; null if the row has neither. */
    static @Nullable String response(JsonRow row) {
        if (row.has("response") && row.has("completion")) {
            throw row.wrong("has both response and completion; expected one of them");
        }
        JsonNode completion = row.get("completion");
        if (completion == null) {
            return row.text("response");
        }
        if (!completion.isArray()) {
            return row.text("completion");
        }
        List<Message> messages = Conversations.read(row, "completion");
        if (messages.size() != 1 || !messages.get(0).role().equals(ASSISTANT)) {
            throw row.wrong("completion has the messages "
                    + messages.stream().map(Message::role).toList() + "; expected a text, or one assistant message");
        }
        return content(row, messages.get(0));
    }

    /** Whether a conversation ends with an assistant's message. */
    static boolean endsWithAnswer(@Nullable Prompt prompt) {
        List<Message> messages = prompt == null ? null : prompt.messages();
        return messages != null && messages.get(messages.size() - 1).role().equals(ASSISTANT);
    }

    /** The content of the last message. */
    static String answer(JsonRow row, @Nullable Prompt prompt) {
        List<Message> messages = messages(prompt);
        return content(row, messages.get(messages.size() - 1));
    }

    /** The prompt before its last message. */
    static Prompt withoutAnswer(JsonRow row, @Nullable Prompt prompt) {
        List<Message> messages = messages(prompt);
        if (messages.size() == 1) {
            throw row.wrong("has an assistant's message and no prompt; expected a user's message before it");
        }
        return Prompt.of(messages.subList(0, messages.size() - 1))
                .withVariables(Objects.requireNonNull(prompt).variables());
    }

    private static List<Message> messages(@Nullable Prompt prompt) {
        return Objects.requireNonNull(Objects.requireNonNull(prompt).messages());
    }

    /** The content. Rejects fields whose text depends on the chat template. */
    private static String content(JsonRow row, Message message) {
        for (String field : List.of("tool_calls", "reasoning_content")) {
            if (message.fields().containsKey(field)) {
                throw row.wrong("the assistant's message has " + field + ", whose text depends on the chat template;"
                        + " expected content alone, with the whole text that the model wrote");
            }
        }
        return message.content();
    }
}
