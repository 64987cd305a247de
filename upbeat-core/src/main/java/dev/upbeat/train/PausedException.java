package dev.upbeat.train;

import dev.upbeat.task.endpoint.UnavailableException;

/**
 * A reward endpoint or a judge is unavailable, so training stops between two steps. The policy has the weights of the
 * last complete step.
 */
final class PausedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long steps;

    /** @param steps number of steps done */
    PausedException(long steps, UnavailableException cause) {
        super(cause.getMessage(), cause);
        this.steps = steps;
    }

    long steps() {
        return steps;
    }
}
