package dev.upbeat.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a user's file: a prompt or a question, and the right answer if the row has one.
 *
 * @param id unique within its file
 * @param question for the task to word; null if the row has only a prompt
 * @param prompt the row's own prompt, else its question as one user message; with the row's variables of the chat template
 * @param hasOwnPrompt whether the file has the prompt
 * @param answer a text unchanged, any other value as JSON; null if the row has none
 * @param fields the whole row; empty if only its prompt was read
 * @param place file and line or row, for messages: "rows.jsonl, line 3"; null if the row is from no file
 */
public record TaskRow(
        String id,
        @Nullable String question,
        Prompt prompt,
        boolean hasOwnPrompt,
        @Nullable String answer,
        ObjectNode fields,
        @Nullable String place) {

    public TaskRow {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(fields, "fields");
        if (question == null && !hasOwnPrompt) {
            throw new IllegalArgumentException("row " + id + " has neither a question nor a prompt");
        }
    }

    public TaskRow(String id, String question, @Nullable String answer) {
        this(id, question, question(question), false, answer, JsonNodeFactory.instance.objectNode(), null);
    }

    /** A row that is only a prompt. */
    public TaskRow(String id, Prompt prompt, @Nullable String answer) {
        this(id, null, prompt, true, answer, JsonNodeFactory.instance.objectNode(), null);
    }

    /** A question as a prompt: one user message. */
    public static Prompt question(String question) {
        return Prompt.of(List.of(new Message("user", question)));
    }

    public @Nullable List<Message> messages() {
        return prompt.messages();
    }

    public @Nullable String text() {
        return prompt.text();
    }

    /** The question, else the text of the row's own prompt: its last message. */
    public String asked() {
        if (question != null) {
            return question;
        }
        List<Message> messages = messages();
        return messages == null || messages.isEmpty()
                ? String.valueOf(text())
                : messages.get(messages.size() - 1).content();
    }

    /** @throws BadInputException if the row has no answer, or an empty one */
    public String requiredAnswer() {
        if (answer == null || answer.isBlank()) {
            throw new BadInputException("row " + id + " has no answer to compare with; expected"
                    + " answer, final_answer, ground_truth, reward_model.ground_truth or solution");
        }
        return answer;
    }
}
