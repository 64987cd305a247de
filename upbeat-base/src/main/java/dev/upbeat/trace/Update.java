package dev.upbeat.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One update of the policy, as computed by credit. The learner makes one pass over the batch per update.
 *
 * @param tokenAdvantages advantage of each token, which multiplies the probability ratio before the clip:
 *     {@code gamma_t A}, or an advantage of the strategy's own, [B][T]; 0 for a response that was not observed
 * @param gamma weight of each token (Eq. 12-13), [B][T]; 1 for a response that was not observed; null for a strategy
 *     whose token advantages are not multiples of A
 * @param entropyTokens whether each token counts in an entropy term of the loss, [B][T]; null if all do
 * @param metrics further metrics of the strategy by their names in metrics.jsonl, in the order of the file
 */
public record Update(
        double[][] tokenAdvantages,
        float @Nullable [][] gamma,
        boolean @Nullable [][] entropyTokens,
        Map<String, Double> metrics) {
    // Not a compact constructor, in which NullAway does not see that gamma and entropyTokens may be null.
    public Update(
            double[][] tokenAdvantages,
            float @Nullable [][] gamma,
            boolean @Nullable [][] entropyTokens,
            Map<String, Double> metrics) {
        this.tokenAdvantages = tokenAdvantages;
        this.gamma = gamma;
        this.entropyTokens = entropyTokens;
        this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics)); // in order, for equal files
    }

    /** An update in which all tokens count in an entropy term. */
    public Update(double[][] tokenAdvantages, float @Nullable [][] gamma, Map<String, Double> metrics) {
        this(tokenAdvantages, gamma, null, metrics);
    }
}
