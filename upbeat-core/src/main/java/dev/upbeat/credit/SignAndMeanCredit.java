package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Restricts a credit to responses whose advantage has a given sign, and can normalise it. Tokens of other responses have
 * the weight 1.
 *
 * @param meanOne whether gamma is divided by its mean over the response, so that the total weight stays that of GRPO
 */
record SignAndMeanCredit(GammaCredit credit, Sign sign, boolean meanOne) implements GammaCredit {
    @Override
    public Set<String> needs() {
        Set<String> needs = new HashSet<>(credit.needs());
        if (sign != Sign.BOTH) {
            needs.add(ADVANTAGE);
        }
        return Set.copyOf(needs);
    }

    @Override
    public boolean needsAllResponses() {
        return credit.needsAllResponses();
    }

    @Override
    public Gamma gamma(Step step) {
        Gamma gamma = credit.gamma(step);
        float[][] adjusted = new float[step.size()][];
        for (int i = 0; i < adjusted.length; i++) {
            adjusted[i] = step.isObserved(i) ? gamma.weights()[i].clone() : new float[0];
            if (!sign.includes(step.advantages()[i])) {
                Arrays.fill(adjusted[i], 1);
            } else if (meanOne && step.isObserved(i)) {
                divideByMean(adjusted[i], step.ids().get(i));
            }
        }
        return new Gamma(adjusted, gamma.metrics());
    }

    private static void divideByMean(float[] gamma, String id) {
        double sum = 0;
        for (float weight : gamma) {
            sum += weight;
        }
        double mean = sum / gamma.length;
        if (mean == 0) {
            throw new BadInputException("credit: every token of trace " + id
                    + " has the weight 0, so normalize mean cannot scale the mean to 1; use normalize none");
        }
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = (float) (gamma[t] / mean);
        }
    }
}
