package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Another credit, only for the responses whose advantage has a sign (1 for the others), and with a mean of 1 over each
 * response where asked for: the total weight then stays what GRPO's was.
 */
record Adjusted(Credit credit, Sign sign, boolean meanOne) implements Credit {
    @Override
    public Set<String> needs() {
        Set<String> needs = new HashSet<>(credit.needs());
        if (sign != Sign.BOTH) {
            needs.add(ADVANTAGE);
        }
        return Set.copyOf(needs);
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        float[][] gamma = credit.gamma(batch);
        float[][] adjusted = new float[gamma.length][];
        for (int b = 0; b < gamma.length; b++) {
            adjusted[b] = gamma[b].clone();
            if (!sign.holds(batch.advantages()[b])) {
                Arrays.fill(adjusted[b], 1);
            } else if (meanOne) {
                divideByMean(adjusted[b], batch.ids().get(b));
            }
        }
        return adjusted;
    }

    private static void divideByMean(float[] gamma, String id) {
        double sum = 0;
        for (float weight : gamma) {
            sum += weight;
        }
        double mean = sum / gamma.length;
        if (mean == 0) {
            throw new BadInputException("credit: every token of trace " + id
                    + " has the weight 0, which normalize mean cannot bring to a mean of 1; use normalize none");
        }
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = (float) (gamma[t] / mean);
        }
    }

    @Override
    public OptionalDouble coupledShare(CreditBatch batch) {
        return credit.coupledShare(batch);
    }
}
