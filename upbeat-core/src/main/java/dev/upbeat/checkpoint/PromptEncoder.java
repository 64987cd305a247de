package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Prompts to token ids: conversations by the chat template, raw text with the tokenizer's own special tokens. */
public final class PromptEncoder {
    private final Tokenizer tokenizer;
    private final Supplier<@Nullable ChatTemplate> template;
    private final Map<String, Object> variables;

    /**
     * @param chatTemplate null for a model that only continues text
     * @param variables of the template for all prompts; a prompt's own of the same name win
     */
    public PromptEncoder(Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate, Map<String, Object> variables) {
        this(tokenizer, variables, () -> chatTemplate);
    }

    /** @param template asked for at the first conversation: raw text needs none */
    public PromptEncoder(
            Tokenizer tokenizer, Map<String, Object> variables, Supplier<@Nullable ChatTemplate> template) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.variables = variables;
    }

    /**
     * The form in which this model is asked: the conversation where it has a chat template, else the text.
     *
     * @param row as messages call the prompt: "row 7"
     * @throws BadInputException where the prompt is a conversation and the model has no chat template, or has variables that no
     *     chat template reads
     */
    public Prompt asked(String row, Prompt prompt) {
        if (prompt.messages() != null && template.get() != null) {
            return prompt.asConversation();
        }
        if (prompt.text() == null) {
            throw new BadInputException(
                    row + " is a conversation, and this model has no chat template; use a model that has one, or give"
                            + " the prompt as raw text ({\"prompt\": \"...\"}) or as token ids");
        }
        requireNoVariables(
                row, prompt, prompt.messages() == null ? "its prompt is raw text" : "the model has no chat template");
        return prompt.asText();
    }

    private void requireNoVariables(String row, Prompt prompt, String why) {
        Set<String> unread = new TreeSet<>(variables.keySet());
        unread.addAll(prompt.variables().keySet());
        if (!unread.isEmpty()) {
            throw new BadInputException(row + ": the template variables " + String.join(", ", unread)
                    + " reach no chat template, for " + why + "; leave them out");
        }
    }

    /** Rejects variables of all prompts where a row gives its prompt as token ids. */
    public static void requireNoVariables(String row, Map<String, Object> variables) {
        if (!variables.isEmpty()) {
            throw new BadInputException(row + ": the template variables " + String.join(", ", variables.keySet())
                    + " reach no chat template, for its prompt is token ids; leave them out");
        }
    }

    /** @throws BadInputException as {@link #asked}, or where the template refuses the conversation */
    public int[] encode(String row, Prompt prompt) {
        Prompt asked = asked(row, prompt);
        if (asked.messages() == null) {
            return tokenizer.encode(Objects.requireNonNull(asked.text()), true);
        }
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.putAll(asked.variables());
        try {
            return tokenizer.encode(Objects.requireNonNull(template.get()).prompt(asked.messages(), all), false);
        } catch (BadInputException e) {
            throw new BadInputException(row + ": " + e.getMessage(), e);
        }
    }
}
