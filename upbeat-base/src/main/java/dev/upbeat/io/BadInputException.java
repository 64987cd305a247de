package dev.upbeat.io;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bad input of a user. The message is one line that says what was given, what is expected and what to do; line breaks in
 * quoted values become {@code \n}. The command line prints the message without a stack trace and exits with status
 * 2.
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
