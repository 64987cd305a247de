package dev.upbeat.task;

import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One problem. A model with a chat template is asked by the messages where there are any, any other by the text.
 *
 * @param id unique within its task
 * @param prompt what the model is asked
 * @param answer what the task's verifier compares with, in the verifier's own form
 */
public record Problem(String id, Prompt prompt, String answer) {
    /**
     * @param messages a conversation; null where the task asks by text alone
     * @param text a raw prompt; null where the task asks by messages alone
     */
    public Problem(String id, @Nullable List<Message> messages, @Nullable String text, String answer) {
        this(id, new Prompt(messages, text, Map.of()), answer);
    }

    public @Nullable List<Message> messages() {
        return prompt.messages();
    }

    public @Nullable String text() {
        return prompt.text();
    }

    /** The problem with its row's template variables, unless the task has set some. */
    public Problem withVariablesOf(TaskRow row) {
        return row.variables().isEmpty() || !prompt.variables().isEmpty()
                ? this
                : new Problem(id, prompt.withVariables(row.variables()), answer);
    }
}
