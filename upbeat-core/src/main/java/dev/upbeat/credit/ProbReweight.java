package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Advantage reweighting (arXiv 2505.12929): {@code gamma_t = alpha * p_t + (1 - alpha)}, p_t the probability with which
 * the token was drawn. Low-probability tokens, whose gradients are largest, weigh less.
 *
 * @param alpha in [0, 1]; 0 is plain GRPO
 */
record ProbReweight(double alpha) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of("log_prob");
    }

    @Override
    public float[] gamma(Observation seen) {
        float[] gamma = new float[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = (float) (alpha * Math.exp(seen.logProbs()[t]) + (1 - alpha));
        }
        return gamma;
    }
}
