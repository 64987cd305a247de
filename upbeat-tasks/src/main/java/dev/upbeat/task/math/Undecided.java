package dev.upbeat.task.math;

/** Why two answers can't be compared: one says nothing that is understood, or it would take too long. */
final class Undecided extends Exception {
    private static final long serialVersionUID = 1L;

    Undecided(String message) {
        super(message, null, false, false); // an answer, not an accident: no stack trace
    }
}
