package dev.upbeat.task;

import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One problem. A model with a chat template is asked by the messages where there are any, any other by the text.
 *
 * @param id unique within its task
 * @param messages a conversation; null where the task asks by text alone
 * @param text a raw prompt; null where the task asks by messages alone
 * @param answer what the task's verifier compares with, in the verifier's own form
 */
public record Problem(
        String id,
        @Nullable List<Message> messages,
        @Nullable String text,
        String answer) {
    public Problem {
        if (messages == null && text == null) {
            throw new IllegalArgumentException("problem " + id + " has neither messages nor text");
        }
        messages = messages == null ? null : List.copyOf(messages);
    }
}
