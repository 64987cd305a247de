package dev.upbeat.trace;

import java.util.Map;

/**
 * One update of the policy, as computed by credit. The learner makes one pass over the batch per update.
 *
 * @param tokenAdvantages advantage of each token, {@code gamma_t A}, which multiplies the probability ratio before the
 *     clip, [B][T]; 0 for a response that was not observed
 * @param gamma weight of each token (Eq. 12-13), [B][T]; 1 for a response that was not observed
 * @param metrics further metrics of the strategy by their names in metrics.jsonl
 */
public record Update(double[][] tokenAdvantages, float[][] gamma, Map<String, Double> metrics) {
    public Update {
        metrics = Map.copyOf(metrics);
    }
}
