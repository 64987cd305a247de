package dev.upbeat.store;

import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt: a conversation for the chat template, or a raw text. Exactly one of the two is there.
 *
 * @param id unique within its file
 * @param messages at least one, for the chat template; null for a raw text
 * @param text not empty, for the tokenizer as it is; null for a conversation
 * @param answer what a verifier compares with (JSON where the file has neither a text nor a number); null where unknown
 */
public record PromptRow(
        String id,
        @Nullable List<Message> messages,
        @Nullable String text,
        @Nullable String answer) {}
