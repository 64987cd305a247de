package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics of a step's credit, by their names in metrics.jsonl (docs/metrics.md). */
public final class CreditMetrics {
    /** Share of the anchors of coupled-rhythm that are locally dominated. */
    public static final String COUPLED_SHARE = "credit/coupled_share";

    private CreditMetrics() {}

    /**
     * Returns the mean token weight and the share of tokens with a weight above 1, over the observed responses; the mean
     * token weight over all responses, where a response that was not observed has the weight 1; and the metrics of the
     * strategy. Means and share are NaN without a token, or if the strategy has no weights.
     *
     * @param updates result of {@link Credit#apply}
     */
    public static Map<String, Double> of(Step step, List<Update> updates) {
        double sum = 0;
        long amplified = 0;
        long tokens = 0;
        long unobserved = 0;
        for (int i = 0; i < step.size(); i++) {
            if (!step.isObserved(i)) {
                unobserved += step.length(i);
            } else {
                float[] gamma = gamma(updates, i);
                for (float weight : gamma == null ? new float[0] : gamma) {
                    sum += weight;
                    amplified += weight > 1 ? 1 : 0;
                    tokens++;
                }
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("credit/gamma_mean", sum / tokens);
        metrics.put("credit/amplified_share", (double) amplified / tokens);
        boolean weighted = updates.stream().allMatch(update -> update.gamma() != null);
        metrics.put("credit/gamma_mean_all", weighted ? (sum + unobserved) / (tokens + unobserved) : Double.NaN);
        updates.forEach(update -> metrics.putAll(update.metrics()));
        return metrics;
    }

    /**
     * Sum over all updates of the weight of each token of response {@code i}, [T]; null for a strategy without weights.
     */
    public static float @Nullable [] gamma(List<Update> updates, int i) {
        float[] sum = new float[updates.get(0).tokenAdvantages()[i].length];
        for (Update update : updates) {
            float[][] gamma = update.gamma();
            if (gamma == null) {
                return null;
            }
            for (int t = 0; t < sum.length; t++) {
                sum[t] += gamma[i][t];
            }
        }
        return sum;
    }

    /** Sum over all updates of the advantage of each token of response {@code i}, [T]. */
    public static float[] tokenAdvantages(List<Update> updates, int i) {
        double[] sum = new double[updates.get(0).tokenAdvantages()[i].length];
        for (Update update : updates) {
            for (int t = 0; t < sum.length; t++) {
                sum[t] += update.tokenAdvantages()[i][t];
            }
        }
        float[] advantages = new float[sum.length];
        for (int t = 0; t < sum.length; t++) {
            advantages[t] = (float) sum[t];
        }
        return advantages;
    }

    /** Whether a token has an advantage, so that the updates have a gradient. */
    public static boolean anyAdvantage(List<Update> updates) {
        return updates.stream()
                .flatMap(update -> Arrays.stream(update.tokenAdvantages()))
                .flatMapToDouble(Arrays::stream)
                .anyMatch(advantage -> advantage != 0);
    }
}
