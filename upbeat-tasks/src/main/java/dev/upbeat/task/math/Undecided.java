package dev.upbeat.task.math;

/** Reason why two answers cannot be compared: one is not understood, or the comparison takes too long. */
final class Undecided extends Exception {
    private static final long serialVersionUID = 1L;

    Undecided(String message) {
        super(message, null, false, false); // expected, so no stack trace
    }
}
