package dev.upbeat.learn;

import dev.upbeat.checkpoint.ChatTemplate;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.HfTokenizer;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between problems and token ids, as a model's own tokenizer and chat template say. */
final class Encoding implements AutoCloseable {
    private final HfTokenizer tokenizer;
    private final @Nullable ChatTemplate template;
    private final int context;

    private Encoding(HfTokenizer tokenizer, @Nullable ChatTemplate template, int context) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.context = context;
    }

    /** @throws BadInputException where the model came without a tokenizer */
    static Encoding of(Checkpoint checkpoint) {
        HfTokenizer tokenizer = checkpoint.tokenizer();
        if (tokenizer == null) {
            throw new BadInputException(checkpoint.path() + " has no tokenizer (tokenizer.json), and a task's problems"
                    + " are text; put the tokenizer beside the weights");
        }
        return new Encoding(tokenizer, checkpoint.chatTemplate(), checkpoint.config().context());
    }

    /** By the messages where both problem and model have the means, else by the text. */
    int[] prompt(Problem problem) {
        List<Message> messages = problem.messages();
        int[] ids;
        if (messages != null && template != null) {
            ids = tokenizer.encode(template.render(messages, true), false);
        } else if (problem.text() != null) {
            ids = tokenizer.encode(problem.text(), true);
        } else {
            throw new BadInputException("problem " + problem.id()
                    + " is a conversation, and the model has no chat template; train a model that has one");
        }
        if (ids.length >= context) {
            throw new BadInputException("problem " + problem.id() + " has " + ids.length
                    + " tokens, which leaves no room for a response in the model's context of " + context);
        }
        return ids;
    }

    /** What a verifier reads: without special tokens. */
    String text(int[] responseIds) {
        return tokenizer.decode(responseIds, true);
    }

    /** The text that each id adds. */
    List<String> texts(int[] ids) {
        return tokenizer.tokenTexts(ids);
    }

    HfTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
