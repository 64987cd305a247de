package dev.upbeat.trace;

import java.util.Map;

/**
 * One update of the policy that credit asks for: the learner goes through the whole batch once for each.
 *
 * @param tokenAdvantages what multiplies the probability ratio of each token before the clip: {@code gamma_t A}, [B][T]; 0 for
 *     a response that was not observed
 * @param gamma weight of each token (Eq. 12-13), [B][T]; 1 for a response that was not observed
 * @param metrics further numbers of the strategy by their names in metrics.jsonl
 */
public record Update(double[][] tokenAdvantages, float[][] gamma, Map<String, Double> metrics) {
    public Update {
        metrics = Map.copyOf(metrics);
    }
}
