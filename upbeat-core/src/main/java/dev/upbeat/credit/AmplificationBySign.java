package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import java.util.HashSet;
import java.util.Set;

/**
 * Amplifies responses with a negative advantage by another weight than the others.
 *
 * @param usual credit of responses whose advantage is not negative
 * @param negative the same credit with another amplification, which changes no metric of the strategy
 */
record AmplificationBySign(GammaCredit usual, GammaCredit negative) implements GammaCredit {
    @Override
    public Set<String> needs() {
        Set<String> needs = new HashSet<>(usual.needs());
        needs.add(ADVANTAGE);
        return Set.copyOf(needs);
    }

    @Override
    public boolean needsAllResponses() {
        return usual.needsAllResponses();
    }

    @Override
    public Gamma gamma(Step step) {
        Gamma gamma = usual.gamma(step);
        float[][] ofNegative = negative.gamma(step).weights();
        float[][] weights = new float[step.size()][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = step.advantages()[i] < 0 ? ofNegative[i] : gamma.weights()[i];
        }
        return new Gamma(weights, gamma.metrics());
    }
}
