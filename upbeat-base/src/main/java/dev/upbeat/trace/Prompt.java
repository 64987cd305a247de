package dev.upbeat.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt before it is encoded: a conversation, a raw text, or both, for models with and without a chat template.
 *
 * @param messages for the chat template; null for a raw text
 * @param text raw text for the tokenizer; null for a conversation
 * @param variables chat template variables of this prompt, such as {@code tools} or {@code enable_thinking}
 */
public record Prompt(
        @Nullable List<Message> messages, @Nullable String text, Map<String, Object> variables) {
    /**
     * Names that cannot be variables of a prompt: arguments of transformers' {@code apply_chat_template} that follow
     * from the conversation or do not change the text.
     */
    public static final List<String> NOT_VARIABLES = List.of(
            "messages",
            "conversation",
            "chat_template",
            "add_generation_prompt",
            "continue_final_message",
            "tokenize",
            "padding",
            "truncation",
            "max_length",
            "return_tensors",
            "return_dict");

    public Prompt {
        if (messages == null && text == null) {
            throw new IllegalArgumentException("a prompt has messages or a text");
        }
        messages = messages == null ? null : List.copyOf(messages);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    public static Prompt of(List<Message> messages) {
        return new Prompt(messages, null, Map.of());
    }

    public static Prompt of(String text) {
        return new Prompt(null, text, Map.of());
    }

    /** The same prompt with these variables instead of its own. */
    public Prompt withVariables(Map<String, Object> others) {
        return new Prompt(messages, text, others);
    }

    /** The prompt without its raw text. */
    public Prompt asConversation() {
        return new Prompt(messages, null, variables);
    }

    /** The prompt without its conversation. */
    public Prompt asText() {
        return new Prompt(null, text, variables);
    }
}
