package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Advantage reweighting (arXiv 2505.12929): {@code gamma_t = alpha * p_t + (1 - alpha)}, where p_t is the probability
 * of the token when it was sampled. Low-probability tokens, whose gradients are largest, get less weight.
 *
 * @param alpha in [0, 1]; 0 is plain GRPO
 */
record ProbReweight(double alpha) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of("log_prob");
    }

    @Override
    public float[] gamma(Observation observation) {
        float[] gamma = new float[observation.length()];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = weight(alpha, Math.exp(observation.logProbs()[t]));
        }
        return gamma;
    }

    static float weight(double alpha, double probability) {
        return (float) (alpha * probability + (1 - alpha));
    }
}
