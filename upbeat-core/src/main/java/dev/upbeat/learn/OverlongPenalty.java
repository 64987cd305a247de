package dev.upbeat.learn;

/**
 * Soft overlong punishment (DAPO, arXiv 2503.14476, Eq. 13): a reward term that decreases linearly from 0 to -1 over
 * the last tokens before the limit.
 *
 * @param limit longest response, tokens
 * @param margin number of tokens before the limit over which the penalty grows, 1 to limit
 */
public record OverlongPenalty(int limit, int margin) {
    public OverlongPenalty {
        if (margin < 1 || margin > limit) {
            throw new IllegalArgumentException(
                    "margin is " + margin + " tokens of at most " + limit + ", expected 1 to " + limit);
        }
    }

    /**
     * The penalty of a response.
     *
     * @param tokens length of the response
     * @return in [-1, 0], to be added to its reward
     */
    public double of(int tokens) {
        return -Math.min(1, Math.max(0, (tokens - (limit - margin)) / (double) margin));
    }
}
