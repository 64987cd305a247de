package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics of a step's credit, by their names in metrics.jsonl (docs/metrics.md). */
public final class CreditMetrics {
    private CreditMetrics() {}

    /**
     * Returns the mean token weight and the share of tokens with a weight above 1, over the observed responses (NaN if there
     * are none), and the metrics of the strategy.
     *
     * @param updates result of {@link Credit#apply}
     */
    public static Map<String, Double> of(Step step, List<Update> updates) {
        double sum = 0;
        long amplified = 0;
        long tokens = 0;
        for (int i = 0; i < step.size(); i++) {
            if (step.isObserved(i)) {
                for (float weight : gamma(updates, i)) {
                    sum += weight;
                    amplified += weight > 1 ? 1 : 0;
                    tokens++;
                }
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("credit/gamma_mean", sum / tokens);
        metrics.put("credit/amplified_share", (double) amplified / tokens);
        updates.forEach(update -> metrics.putAll(update.metrics()));
        return metrics;
    }

    /** Sum over all updates of the weight of each token of response {@code i}, [T]. */
    public static float[] gamma(List<Update> updates, int i) {
        float[] gamma = updates.get(0).gamma()[i].clone();
        for (Update update : updates.subList(1, updates.size())) {
            for (int t = 0; t < gamma.length; t++) {
                gamma[t] += update.gamma()[i][t];
            }
        }
        return gamma;
    }
}
