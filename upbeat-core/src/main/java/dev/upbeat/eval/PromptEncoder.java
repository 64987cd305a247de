package dev.upbeat.eval;

import dev.upbeat.checkpoint.ChatTemplate;
import dev.upbeat.checkpoint.Tokenizer;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import org.jspecify.annotations.Nullable;

/** Problems to token ids: messages by the chat template where there are both, else raw text with the tokenizer's own specials. */
public final class PromptEncoder {
    private final Tokenizer tokenizer;
    private final @Nullable ChatTemplate chatTemplate;

    /** @param chatTemplate null for a model that only continues text */
    public PromptEncoder(Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate) {
        this.tokenizer = tokenizer;
        this.chatTemplate = chatTemplate;
    }

    /** @throws BadInputException where the problem is a conversation and the model has no chat template */
    public int[] encode(Problem problem) {
        if (problem.messages() != null && chatTemplate != null) {
            return tokenizer.encode(chatTemplate.render(problem.messages(), true), false);
        }
        if (problem.text() == null) {
            throw new BadInputException("problem " + problem.id()
                    + " is a conversation, and this model has no chat template; use a model that has one");
        }
        return tokenizer.encode(problem.text(), true);
    }
}
