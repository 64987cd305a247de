package dev.upbeat.app.serve;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tokenizer.StreamingText;
import dev.upbeat.trace.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model that the service holds: its tokenizer, and the current version of its weights. */
final class ModelHost implements AutoCloseable {
    private final Upbeat model;
    private final String name;
    private ServedModel current;

    /** @param name as in the answer of {@code /v1/info} */
    ModelHost(Upbeat model, String name) {
        this.model = model;
        this.name = name;
        this.current = new ServedModel(
                1,
                model.decoder(),
                model.checkpoint()::sha256,
                model.decoder()::close); // its files are closed with the model
    }

    String name() {
        return name;
    }

    /** The current weights, held for the caller, who releases them. */
    synchronized ServedModel hold() {
        current.hold();
        return current;
    }

    /**
     * Replaces the weights. Requests that hold the old ones finish on them.
     *
     * @param next held by the caller, and from now on by the service
     * @return the version of the new weights
     */
    long replace(ServedModel next) {
        ServedModel old;
        synchronized (this) {
            old = current;
            current = next;
        }
        old.release();
        return next.version();
    }

    /** The files of the model that the service was started with. */
    Path base() {
        return model.checkpoint().path();
    }

    synchronized long version() {
        return current.version();
    }

    /** Text of each id; null without a supported tokenizer. */
    @Nullable
    List<String> texts(int[] ids) {
        synchronized (model) {
            return model.texts(ids);
        }
    }

    /** Token ids of a conversation. */
    int[] encode(List<Message> messages) {
        synchronized (model) {
            return model.encode(messages);
        }
    }

    /** Whether conversations can be encoded; without a usable chat template only raw text can. */
    boolean readsConversations() {
        synchronized (model) {
            try {
                return model.hasChatTemplate();
            } catch (BadInputException e) {
                return false;
            }
        }
    }

    /** Token ids of raw text. */
    int[] encode(String text) {
        synchronized (model) {
            return model.encode(text);
        }
    }

    /** The growing text of a response; null without a supported tokenizer. */
    @Nullable
    StreamingText stream() {
        synchronized (model) {
            return model.texts(new int[0]) == null ? null : model.tokenizer().stream();
        }
    }

    /** Tokens that end a response. */
    Set<Integer> stopIds() {
        synchronized (model) {
            return model.stopIds();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            current.release();
        }
        model.close();
    }
}
