package dev.upbeat.task;

import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One problem of a task: the prompt in the task's words and the answer in its verifier's form. It differs from {@link TaskRow},
 * the row as the user's file has it, in both, and a generated problem has no row.
 *
 * @param id unique within its task
 * @param prompt for the model: its conversation for a chat template, its text for a model without one
 * @param answer for the verifier to compare with
 */
public record Problem(String id, Prompt prompt, String answer) {
    public Problem {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(answer, "answer");
    }

    /**
     * @param messages a conversation; null for a prompt of text alone
     * @param text a raw prompt; null for a prompt of messages alone
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
        Map<String, Object> variables = row.prompt().variables();
        return variables.isEmpty() || !prompt.variables().isEmpty()
                ? this
                : new Problem(id, prompt.withVariables(variables), answer);
    }
}
