package dev.upbeat.io;

/**
 * Rejects input of a user. The message states what was given, what is expected and what to do, without need of a stack trace. The command line prints it and exits with status 2. It is one line; a line break in a quoted
 * name is shown as {@code \n}.
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
