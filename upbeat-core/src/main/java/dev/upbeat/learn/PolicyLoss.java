package dev.upbeat.learn;

import java.util.List;

/**
 * The clipped surrogate with token credit (arXiv 2510.13554, Eq. 12): {@code -w_t min(rho_t A~_t, clip(rho_t, 1 - low, 1 +
 * high) A~_t)} with {@code A~_t = gamma_t A} and {@code rho_t = exp(log p_t - old log p_t)}, where w_t is what a token counts
 * in the average over the minibatch. Beyond the paper: separate clip bounds (DAPO), a KL term (k3, to a frozen reference) and
 * an entropy bonus, both 0 by default.
 *
 * @param average what a token counts
 * @param clipLow largest fall of the ratio below 1, in (0, 1]
 * @param clipHigh largest rise of the ratio above 1, positive
 * @param kl factor of the KL term, at least 0
 * @param entropy factor of the entropy bonus, at least 0
 * @param maxNewTokens longest response, tokens: the constant of {@link Average#SEQ_MEAN_TOKEN_SUM_NORM}
 */
public record PolicyLoss(
        Average average, double clipLow, double clipHigh, double kl, double entropy, int maxNewTokens) {
    /** Means over the tokens of a minibatch. Masked responses have no tokens; all count as responses, as in TRL. */
    public enum Average {
        /** Mean over a response's tokens, then over responses: the paper's, GRPO's. */
        SEQ_MEAN_TOKEN_MEAN,
        /** Mean over all tokens: DAPO's. */
        TOKEN_MEAN,
        /** Sum over a response's tokens by a constant, then the mean over responses: Dr. GRPO's. */
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

    /** The usual ones: clip 0.2 both ways, as PPO (the paper states no epsilon); no KL, no entropy, as the paper. */
    public static PolicyLoss standard(int maxNewTokens) {
        return new PolicyLoss(Average.SEQ_MEAN_TOKEN_MEAN, 0.2, 0.2, 0, 0, maxNewTokens);
    }

    /** Whether a response adds nothing to the gradient, so that its passes may be left out; denominators keep it. */
    boolean skips(PolicySample sample) {
        return sample.masked() || (sample.advantage() == 0 && kl == 0 && entropy == 0);
    }

    /** What a token of each response counts, [responses]. */
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
     * One token's part.
     *
     * @param value of the surrogate, the token's weight left out
     * @param slope of it by the log-prob
     */
    record Surrogate(double value, double slope) {}

    /** @param advantage of the token, {@code gamma_t A} */
    Surrogate surrogate(double ratio, double advantage) {
        double free = ratio * advantage;
        double clipped = Math.max(1 - clipLow, Math.min(1 + clipHigh, ratio)) * advantage;
        return clipped < free ? new Surrogate(-clipped, 0) : new Surrogate(-free, -free);
    }
}
