package dev.upbeat.train;

import dev.upbeat.task.endpoint.RewardUnavailableException;

/** A step cannot go on, for its rewards cannot be had; the policy is as the steps before have left it. */
final class PausedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long steps;

    /** @param steps done */
    PausedException(long steps, RewardUnavailableException cause) {
        super(cause.getMessage(), cause);
        this.steps = steps;
    }

    long steps() {
        return steps;
    }
}
