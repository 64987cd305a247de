package dev.upbeat.io;

/**
 * What a user gave cannot be used. The message is complete for a reader without a stack trace: what was given, what is
 * expected, what to do. The command line prints it and exits with status 2. It is one line: a line break in a name that it
 * quotes shows as {@code \n}.
 */
public class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(VisibleText.of(message));
    }

    public BadInputException(String message, Throwable cause) {
        super(VisibleText.of(message), cause);
    }
}
