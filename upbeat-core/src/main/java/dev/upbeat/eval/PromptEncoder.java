package dev.upbeat.eval;

import dev.upbeat.checkpoint.ChatTemplate;
import dev.upbeat.checkpoint.Tokenizer;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import java.util.Objects;
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

    /**
     * The problem with nothing but what this model is asked: the messages, or the text.
     *
     * @throws BadInputException where the problem is a conversation and the model has no chat template
     */
    Problem asked(Problem problem) {
        if (problem.messages() != null && chatTemplate != null) {
            return new Problem(problem.id(), problem.messages(), null, problem.answer());
        }
        if (problem.text() == null) {
            throw new BadInputException("problem " + problem.id()
                    + " is a conversation, and this model has no chat template; use a model that has one");
        }
        return new Problem(problem.id(), null, problem.text(), problem.answer());
    }

    /** @throws BadInputException where the problem is a conversation and the model has no chat template */
    public int[] encode(Problem problem) {
        Problem asked = asked(problem);
        return asked.messages() != null && chatTemplate != null
                ? tokenizer.encode(chatTemplate.render(asked.messages(), true), false)
                : tokenizer.encode(Objects.requireNonNull(asked.text()), true);
    }
}
