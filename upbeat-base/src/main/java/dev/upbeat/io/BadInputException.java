package dev.upbeat.io;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rejects input of a user. The message states what was given, what is expected and what to do, so that no stack trace
 * is needed. The command line prints it and exits with status 2. It is one line; a line break in a quoted name is shown
 * as {@code \n}.
 */
public class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(VisibleText.of(message));
    }

    public BadInputException(String message, Throwable cause) {
        super(VisibleText.of(message), cause);
    }

    /**
     * Runs work on one row of a file, and puts the row's place before the message of its error.
     *
     * @param place file and line or row: "rows.jsonl, line 3"; null if the row is from no file
     */
    public static <T> T at(@Nullable String place, Supplier<T> work) {
        try {
            return work.get();
        } catch (BadInputException e) {
            throw place == null ? e : new BadInputException(place + ": " + e.getMessage(), e);
        }
    }
}
