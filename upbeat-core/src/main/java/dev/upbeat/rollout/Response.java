package dev.upbeat.rollout;

/**
 * A generated response.
 *
 * @param ids token ids, [T]; including the stop token if one was drawn
 * @param logProbs log-prob of each token at the sampling temperature, before top-k and top-p, nats, [T]
 * @param stopped whether the response ended with a stop token instead of at the maximum number of new tokens
 */
public record Response(int[] ids, float[] logProbs, boolean stopped) {}
