package dev.upbeat.rollout;

/**
 * A drawn response.
 *
 * @param ids its tokens, the stop token included where one was drawn, [T]
 * @param logProbs log-probability of each under the distribution at the sampling temperature, before top-k and top-p, nats,
 *     [T]
 * @param stopped whether it ended with a stop token, and not at the most new tokens
 */
public record Response(int[] ids, float[] logProbs, boolean stopped) {}
