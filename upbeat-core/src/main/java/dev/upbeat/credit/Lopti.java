package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Low-probability token isolation (Lopti, arXiv 2505.12929): a first update on the tokens with a probability below eta,
 * and a second one on the others. With {@link ProbReweight} ({@code reweight-lopti}), a token has that weight in its
 * update, as in the authors' combined recipe. The recipe also splits the KL and entropy terms between the two updates;
 * here each update has both terms in full.
 *
 * @param eta in (0, 1]
 * @param alpha of {@link ProbReweight}, in [0, 1]; 0 for Lopti alone, in which the weights of each token sum to 1
 */
record Lopti(double eta, double alpha) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of("log_prob");
    }

    @Override
    public int updates() {
        return 2;
    }

    @Override
    public List<Update> apply(Step step) {
        return List.of(update(step, true), update(step, false));
    }

    private Update update(Step step, boolean unlikely) {
        return GammaCredit.update(
                step, GammaCredit.perResponse(step, observation -> gamma(observation, unlikely)), Map.of());
    }

    private float[] gamma(Observation observation, boolean unlikely) {
        float[] gamma = new float[observation.length()];
        for (int t = 0; t < gamma.length; t++) {
            double probability = Math.exp(observation.logProbs()[t]);
            gamma[t] = probability < eta == unlikely ? ProbReweight.weight(alpha, probability) : 0;
        }
        return gamma;
    }
}
