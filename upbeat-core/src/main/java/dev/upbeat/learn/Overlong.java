package dev.upbeat.learn;

/**
 * What becomes of responses that reach the most tokens without an end.
 *
 * <p>DAPO (arXiv 2503.14476), section 3.4. Deviation: 1. a masked response stays in the denominators of the loss.
 *
 * @param handling of truncated responses
 * @param maxNewTokens L_max
 * @param buffer L_cache, tokens before L_max over which the punishment grows to 1
 */
record Overlong(Handling handling, int maxNewTokens, int buffer) {
    enum Handling {
        KEEP,
        /** No gradient from a truncated response. */
        MASK,
        /** Eq. 13 is added to the reward. */
        PUNISH
    }

    /**
     * R_length of Eq. 13: 0 up to L_max - L_cache tokens, then falling in a line to -1 at L_max.
     *
     * @param tokens of the response
     */
    double penalty(int tokens) {
        int free = maxNewTokens - buffer;
        return handling != Handling.PUNISH || tokens <= free ? 0 : Math.max(-1, (free - tokens) / (double) buffer);
    }

    boolean masks(boolean truncated) {
        return handling == Handling.MASK && truncated;
    }
}
