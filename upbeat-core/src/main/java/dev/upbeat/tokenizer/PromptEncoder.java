package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encodes prompts: conversations by the chat template, raw text with the tokenizer's own special tokens. */
public final class PromptEncoder {
    private final Tokenizer tokenizer;
    private final Supplier<@Nullable ChatTemplate> template;
    private final Map<String, Object> variables;

    /**
     * @param chatTemplate null for a model that only continues text
     * @param variables of the template for all prompts; a prompt's own variables take precedence
     */
    public PromptEncoder(Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate, Map<String, Object> variables) {
        this(tokenizer, variables, () -> chatTemplate);
    }

    /** @param template called at the first conversation, because raw text needs no template */
    public PromptEncoder(
            Tokenizer tokenizer, Map<String, Object> variables, Supplier<@Nullable ChatTemplate> template) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.variables = variables;
    }

    /**
     * The form of a prompt for this model: the conversation if the model has a chat template, else the text.
     *
     * @param row name of the prompt in messages: "row 7"
     * @throws BadInputException if the prompt is only a conversation and the model has no chat template, or has variables that no
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
                    + " reach no chat template, because " + why + "; leave them out");
        }
    }

    /** Rejects template variables beside a prompt that is token ids. */
    public static void requireNoVariables(String row, Map<String, Object> variables) {
        if (!variables.isEmpty()) {
            throw new BadInputException(row + ": the template variables " + String.join(", ", variables.keySet())
                    + " reach no chat template, because its prompt is token ids; leave them out");
        }
    }

    /** @throws BadInputException as {@link #asked}, or if the template rejects the conversation */
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
