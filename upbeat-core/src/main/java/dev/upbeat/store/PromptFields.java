package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row's prompt, which has the same fields in every kind of file: {@code messages}, {@code prompt} as a text or messages,
 * {@code question} or a synonym, and the variables of the chat template.
 */
final class PromptFields {
    /** Names of the question's field, in order of precedence. */
    static final List<String> QUESTIONS = List.of("question", "problem", "puzzle");

    private static final String KWARGS = "chat_template_kwargs";

    /** Variables that have their own field in a row, as in transformers and TRL. */
    private static final List<String> OWN_FIELDS = List.of("tools", "documents");

    /** Fields that are often misplaced, and where they belong. */
    private static final Map<String, String> MISPLACED = Map.of(
            "enable_thinking", KWARGS + ": {\"enable_thinking\": ..}",
            "system", "a message of the role system, or --system",
            "system_prompt", "a message of the role system, or --system",
            "functions", "tools");

    /** All fields of a prompt. */
    static final List<String> COLUMNS = List.of(
            "messages",
            "prompt",
            "question",
            "problem",
            "puzzle",
            KWARGS,
            "tools",
            "documents",
            "enable_thinking",
            "system",
            "system_prompt",
            "functions");

    private PromptFields() {}

    /** The row's prompt, else its question as one user message; null if it has neither. */
    static @Nullable Prompt promptOrQuestion(JsonRow row) {
        Prompt prompt = prompt(row);
        if (prompt != null) {
            return prompt;
        }
        String question = question(row);
        return question == null ? null : asPrompt(row, question);
    }

    /** A question as one user message, with the row's variables. */
    static Prompt asPrompt(JsonRow row, String question) {
        return TaskRow.question(question).withVariables(variables(row));
    }

    /** The row's own prompt with its variables; null if it has none. */
    static @Nullable Prompt prompt(JsonRow row) {
        if (row.has("prompt") && row.has("messages")) {
            throw row.wrong("has both messages and prompt; expected one of them");
        }
        if (row.has("messages")) {
            return new Prompt(Conversations.read(row, "messages"), null, variables(row));
        }
        JsonNode prompt = row.get("prompt");
        if (prompt == null) {
            return null;
        }
        if (!prompt.isTextual() && !prompt.isArray()) {
            throw row.wrong(
                    "prompt is " + JsonRow.kind(prompt) + "; expected a text, or an array of {\"role\", \"content\"}");
        }
        if (prompt.isArray() || Conversations.isWrittenAsText(row, "prompt", prompt.textValue())) {
            return new Prompt(Conversations.read(row, "prompt"), null, variables(row));
        }
        String text = row.text("prompt");
        if (text == null || text.isEmpty()) {
            throw row.wrong("prompt is empty; expected a text");
        }
        Map<String, Object> variables = variables(row);
        if (!variables.isEmpty()) {
            throw row.wrong("has " + String.join(", ", variables.keySet()) + " for the chat template, but its prompt is"
                    + " raw text, and no chat template reads raw text; give the prompt as messages, or leave them out");
        }
        return new Prompt(null, text, variables);
    }

    static @Nullable String question(JsonRow row) {
        for (String name : QUESTIONS) {
            String question = row.text(name);
            if (question != null) {
                if (question.isBlank()) {
                    throw row.wrong(name + " is empty; expected a text");
                }
                return question;
            }
        }
        return null;
    }

    /** Variables of the chat template: {@code chat_template_kwargs}, {@code tools} and {@code documents}. */
    static Map<String, Object> variables(JsonRow row) {
        MISPLACED.forEach((name, place) -> {
            JsonNode value = row.get(name);
            if (value != null && !(value.isTextual() && value.textValue().isBlank())) {
                throw row.wrong("has the field " + name + ", which no chat template reads there; expected " + place);
            }
        });
        Map<String, Object> variables = new LinkedHashMap<>();
        JsonNode kwargs = Conversations.parsed(row, KWARGS);
        if (kwargs != null) {
            if (!kwargs.isObject()) {
                throw row.wrong(KWARGS + " is " + JsonRow.kind(kwargs) + "; expected an object of names and values");
            }
            for (Map.Entry<String, JsonNode> entry : kwargs.properties()) {
                if (Prompt.NOT_VARIABLES.contains(entry.getKey())) {
                    throw row.wrong(KWARGS + " has " + entry.getKey() + ", which is not a variable of a template;"
                            + " leave it out: the last message decides whether an answer is begun or continued");
                }
                if (!entry.getValue().isNull()) {
                    variables.put(entry.getKey(), Conversations.value(row, KWARGS, entry.getValue()));
                }
            }
        }
        for (String name : OWN_FIELDS) {
            JsonNode value = Conversations.parsed(row, name);
            if (value == null || (value.isArray() && value.isEmpty())) {
                continue; // data sets write either for a row without tools
            }
            if (variables.put(name, Conversations.objects(row, name, value)) != null) {
                throw row.wrong("has " + name + " both as a field and in " + KWARGS + "; expected one of them");
            }
        }
        return variables;
    }
}
