package dev.upbeat.learn;

import java.util.List;

/**
 * Policy loss: the clipped surrogate with token credit (arXiv 2510.13554, Eq. 12), {@code -w_t min(rho_t A~_t,
 * clip(rho_t, 1 - low, 1 + high) A~_t)} with {@code A~_t = gamma_t A} and {@code rho_t = exp(log p_t - old log p_t)},
 * where w_t is the weight of a token in the average over the minibatch. Beyond the paper: separate clip bounds (DAPO),
 * a KL term (k3, to a frozen reference) and an entropy bonus, both 0 by default.
 *
 * @param average average over the tokens of a minibatch
 * @param clipLow lower clip bound: the ratio is clipped at 1 - clipLow, in (0, 1]
 * @param clipHigh upper clip bound: the ratio is clipped at 1 + clipHigh, positive
 * @param kl factor of the KL term, at least 0
 * @param entropy factor of the entropy bonus, at least 0
 * @param maxNewTokens longest response, tokens: the constant of {@link Average#SEQ_MEAN_TOKEN_SUM_NORM}
 */
public record PolicyLoss(
        Average average, double clipLow, double clipHigh, double kl, double entropy, int maxNewTokens) {
    /** Averages over the tokens of a minibatch. Masked responses have no tokens, but count as responses, as in TRL. */
    public enum Average {
        /** Mean over the tokens of a response, then over responses (the paper, GRPO). */
        SEQ_MEAN_TOKEN_MEAN,
        /** Mean over all tokens (DAPO). */
        TOKEN_MEAN,
        /** Sum over the tokens of a response divided by maxNewTokens, then mean over responses (Dr. GRPO). */
        SEQ_MEAN_TOKEN_SUM_NORM
    }

    public PolicyLoss {
        if (!(clipLow > 0 && clipLow <= 1)) {
            throw new IllegalArgumentException("lower clip is " + clipLow + ", expected a number in (0, 1]");
        }
        if (!(clipHigh > 0)) {
            throw new IllegalArgumentException("upper clip is " + clipHigh + ", expected a positive number");
        }
        if (!(kl >= 0) || !(entropy >= 0)) {
            throw new IllegalArgumentException(
                    "factors of KL and entropy are " + kl + " and " + entropy + ", expected at least 0");
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("longest response is " + maxNewTokens + " tokens, expected at least 1");
        }
    }

    /**
     * Defaults: clip 0.2 on both sides as in PPO, because the paper states no epsilon; no KL and no entropy term, as in
     * the paper.
     */
    public static PolicyLoss standard(int maxNewTokens) {
        return new PolicyLoss(Average.SEQ_MEAN_TOKEN_MEAN, 0.2, 0.2, 0, 0, maxNewTokens);
    }

    /**
     * Whether a response has no gradient, so that its forward and backward passes are skipped. It still counts in
     * denominators.
     */
    boolean skips(PolicySample sample) {
        return sample.masked() || (!sample.hasAdvantage() && kl == 0 && entropy == 0);
    }

    /** Weight w_t of a token of each response, [responses]. */
    double[] tokenWeights(List<PolicySample> minibatch) {
        int responses = minibatch.size();
        long tokens = minibatch.stream()
                .filter(sample -> !sample.masked())
                .mapToLong(sample -> sample.trace().responseIds().length)
                .sum();
        return minibatch.stream()
                .mapToDouble(sample -> sample.masked()
                        ? 0
                        : 1.0
                                / switch (average) {
                                    case SEQ_MEAN_TOKEN_MEAN ->
                                        (double) responses * sample.trace().responseIds().length;
                                    case TOKEN_MEAN -> (double) tokens;
                                    case SEQ_MEAN_TOKEN_SUM_NORM -> (double) responses * maxNewTokens;
                                })
                .toArray();
    }

    /**
     * The surrogate of one token. The derivative of the ratio with respect to the log-prob is the ratio itself, so an
     * unclipped surrogate equals its derivative, and a clipped one has the derivative 0.
     *
     * @param value loss of the token without its weight w_t
     * @param derivative derivative of the value with respect to the log-prob
     */
    record Surrogate(double value, double derivative) {}

    /** @param advantage advantage of the token, {@code gamma_t A} */
    Surrogate surrogate(double ratio, double advantage) {
        double unclipped = ratio * advantage;
        double clipped = Math.max(1 - clipLow, Math.min(1 + clipHigh, ratio)) * advantage;
        return clipped < unclipped ? new Surrogate(-clipped, 0) : new Surrogate(-unclipped, -unclipped);
    }
}
