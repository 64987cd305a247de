package dev.upbeat;

import dev.upbeat.io.BadInputException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An optional part of a model that is read on first access. The value, or the reason why it cannot be read, is kept.
 */
final class Deferred<T> {
    private final Reader<T> reader;
    private boolean wasRead;
    private @Nullable T value;
    private @Nullable BadInputException problem;

    Deferred(Reader<T> reader) {
        this.reader = reader;
    }

    interface Reader<T> {
        /** Returns null if the model does not have the part. */
        @Nullable
        T read();
    }

    /** @throws BadInputException if the part is of an unsupported kind */
    @Nullable
    T get() {
        readOnce();
        if (problem != null) {
            throw problem;
        }
        return value;
    }

    /** The part; null if the model does not have it or it is of an unsupported kind. */
    @Nullable
    T orNull() {
        readOnce();
        return value;
    }

    /** Why the part cannot be read; null if it was read or the model does not have it. */
    @Nullable
    String problem() {
        readOnce();
        return problem == null ? null : problem.getMessage();
    }

    /** Runs the action if the part has been read. */
    void ifFound(Consumer<T> action) {
        if (value != null) {
            action.accept(value);
        }
    }

    private void readOnce() {
        if (wasRead) {
            return;
        }
        try {
            value = reader.read();
        } catch (BadInputException e) {
            problem = e;
        }
        wasRead = true;
    }
}
