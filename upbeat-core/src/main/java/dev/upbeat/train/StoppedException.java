package dev.upbeat.train;

/** A training is asked to stop while responses are generated. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long steps;

    /** @param steps number of steps done */
    StoppedException(long steps) {
        super("stopped after " + steps + " steps");
        this.steps = steps;
    }

    long steps() {
        return steps;
    }
}
