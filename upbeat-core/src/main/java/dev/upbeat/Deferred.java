package dev.upbeat;

import dev.upbeat.io.BadInputException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that a model may have come with: read once, when it is first asked for, and so is what is wrong with it. */
final class Deferred<T> {
    private final Reader<T> reader;
    private boolean sought;
    private @Nullable T found;
    private @Nullable BadInputException refusal;

    Deferred(Reader<T> reader) {
        this.reader = reader;
    }

    interface Reader<T> {
        /** Null where there is none. */
        @Nullable
        T read();
    }

    /** @throws BadInputException where it is of a kind that is not read */
    @Nullable
    T get() {
        seek();
        if (refusal != null) {
            throw refusal;
        }
        return found;
    }

    /** Null too where it is of a kind that is not read. */
    @Nullable
    T orNull() {
        seek();
        return found;
    }

    /** Why it is not read; null where it is, or where there is none. */
    @Nullable
    String problem() {
        seek();
        return refusal == null ? null : refusal.getMessage();
    }

    /** For what was read so far. */
    void ifFound(Consumer<T> action) {
        if (found != null) {
            action.accept(found);
        }
    }

    private void seek() {
        if (sought) {
            return;
        }
        try {
            found = reader.read();
        } catch (BadInputException e) {
            refusal = e;
        }
        sought = true;
    }
}
