package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encodes prompts: conversations by the chat template, raw text with the tokenizer's own special tokens. */
public final class PromptEncoder {
    private final Supplier<? extends Tokenizer> tokenizer;
    private final Supplier<@Nullable ChatTemplate> template;
    private final Map<String, Object> variables;

    /**
     * @param chatTemplate null for a model that only continues text
     * @param variables of the template for all prompts; a prompt's own variables take precedence
     */
    public PromptEncoder(Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate, Map<String, Object> variables) {
        this(() -> tokenizer, () -> chatTemplate, variables);
    }

    /**
     * @param tokenizer called at the first prompt that is not given as ids
     * @param template called at the first conversation
     */
    public PromptEncoder(
            Supplier<? extends Tokenizer> tokenizer,
            Supplier<@Nullable ChatTemplate> template,
            Map<String, Object> variables) {
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
        String why = prompt.messages() == null ? "its prompt is raw text" : "the model has no chat template";
        requireNoVariables(row, with(prompt.variables()), why);
        return prompt.asText();
    }

    /** @throws BadInputException as {@link #asked}, or if the template or the tokenizer rejects the prompt */
    public int[] encode(String row, Prompt prompt) {
        Prompt asked = asked(row, prompt);
        return BadInputException.at(row, () -> encoded(asked));
    }

    private int[] encoded(Prompt asked) {
        if (asked.messages() == null) {
            return tokenizer.get().encode(Objects.requireNonNull(asked.text()), true);
        }
        String text = Objects.requireNonNull(template.get()).prompt(asked.messages(), with(asked.variables()));
        return tokenizer.get().encode(text, false);
    }

    /**
     * Encodes the prompt of a row that may give it as ids, which take precedence.
     *
     * @param ids null if the row has none
     * @param prompt null if the row has only ids
     */
    public int[] encode(String row, int @Nullable [] ids, @Nullable Prompt prompt) {
        if (ids == null) {
            return encode(row, Objects.requireNonNull(prompt, "a row has ids or a prompt"));
        }
        requireNoVariables(row, variables, "its prompt is token ids");
        return ids;
    }

    private Map<String, Object> with(Map<String, Object> ofPrompt) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.putAll(ofPrompt);
        return all;
    }

    private static void requireNoVariables(String row, Map<String, Object> unread, String why) {
        if (!unread.isEmpty()) {
            throw new BadInputException(
                    row + ": the template variables " + String.join(", ", new TreeSet<>(unread.keySet()))
                            + " have no effect, because " + why + "; leave them out");
        }
    }
}
