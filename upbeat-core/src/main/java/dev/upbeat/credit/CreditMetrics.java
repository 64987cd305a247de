package dev.upbeat.credit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a step's credit did; NaN where there was nothing to take a number over.
 *
 * @param gammaMean mean weight of a token, over all tokens of the batch
 * @param amplifiedShare share of the tokens whose weight is above 1
 * @param coupledShare share of the anchors that are locally dominated; empty but for coupled-rhythm
 */
public record CreditMetrics(double gammaMean, double amplifiedShare, OptionalDouble coupledShare) {
    /** @param gamma of this credit and batch, [B][T_b] */
    public static CreditMetrics of(Credit credit, CreditBatch batch, float[][] gamma) {
        double sum = 0;
        long amplified = 0;
        long tokens = 0;
        for (float[] weights : gamma) {
            for (float weight : weights) {
                sum += weight;
                amplified += weight > 1 ? 1 : 0;
            }
            tokens += weights.length;
        }
        return new CreditMetrics(sum / tokens, (double) amplified / tokens, credit.coupledShare(batch));
    }

    /** By the names they have in metrics.jsonl. */
    public Map<String, Double> byName() {
        Map<String, Double> byName = new LinkedHashMap<>();
        byName.put("credit/gamma_mean", gammaMean);
        byName.put("credit/amplified_share", amplifiedShare);
        coupledShare.ifPresent(share -> byName.put("credit/coupled_share", share));
        return byName;
    }
}
