package dev.upbeat.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's row: what is asked, and what is right. At least one of question, messages and text is there.
 *
 * @param id unique within its file
 * @param question to be put as the task puts its questions; null where the row has a prompt alone
 * @param messages the row's own prompt, a conversation; null where it has none
 * @param text the row's own prompt, a raw text; null where it has none
 * @param variables of the chat template that the row sets
 * @param answer a text as it is, anything else as JSON; null where the row has none
 * @param fields the whole row
 */
public record TaskRow(
        String id,
        @Nullable String question,
        @Nullable List<Message> messages,
        @Nullable String text,
        Map<String, Object> variables,
        @Nullable String answer,
        ObjectNode fields) {

    public TaskRow {
        if (question == null && messages == null && text == null) {
            throw new IllegalArgumentException("row " + id + " asks nothing");
        }
    }

    public TaskRow(String id, String question, @Nullable String answer) {
        this(id, question, null, null, Map.of(), answer, JsonNodeFactory.instance.objectNode());
    }

    /** The question, else the text of the row's own prompt: its last message. */
    public String asked() {
        if (question != null) {
            return question;
        }
        return messages == null || messages.isEmpty()
                ? String.valueOf(text)
                : messages.get(messages.size() - 1).content();
    }

    /** @throws BadInputException where the row has no answer, or an empty one */
    public String requiredAnswer() {
        if (answer == null || answer.isBlank()) {
            throw new BadInputException("row " + id + " has no answer, and nothing can be right without one; expected"
                    + " answer, final_answer, ground_truth, reward_model.ground_truth or solution");
        }
        return answer;
    }
}
