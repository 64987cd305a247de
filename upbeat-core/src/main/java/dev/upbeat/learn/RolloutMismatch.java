package dev.upbeat.learn;

import dev.upbeat.trace.Step;

/**
 * How far the weights that drew a step's responses, such as an int8 copy, are from the policy, over the tokens of the observed
 * responses. The importance weight of a token is min(exp(log-prob when observed - log-prob when drawn), threshold).
 *
 * @param meanDifference mean of |log-prob when drawn - log-prob when observed|, nats; NaN without a token
 * @param largestDifference largest such difference, nats; NaN without a token
 * @param effectiveShare effective sample size of the importance weights, (sum w)^2 / (n sum w^2), in (0, 1]; NaN without a token
 */
public record RolloutMismatch(double meanDifference, double largestDifference, double effectiveShare) {

    /** @param threshold largest importance weight */
    static RolloutMismatch of(Step step, double threshold) {
        double differences = 0;
        double largest = Double.NaN;
        double weights = 0;
        double squares = 0;
        long tokens = 0;
        for (int i = 0; i < step.size(); i++) {
            if (step.isObserved(i)) {
                float[] drawn = step.trainingRollouts().logProbs().get(i);
                float[] observed = step.observation(i).logProbs();
                double[] importance = importance(observed, drawn, threshold);
                for (int t = 0; t < drawn.length; t++) {
                    double difference = Math.abs((double) observed[t] - drawn[t]);
                    differences += difference;
                    largest = tokens == 0 ? difference : Math.max(largest, difference);
                    weights += importance[t];
                    squares += importance[t] * importance[t];
                    tokens++;
                }
            }
        }
        return new RolloutMismatch(differences / tokens, largest, weights * weights / (tokens * squares));
    }

    /**
     * Truncated importance weights of a response's tokens, [T].
     *
     * @param observed log-probs under the policy, nats, [T]
     * @param drawn log-probs under the weights that drew the response, nats, [T]
     * @param threshold largest weight
     */
    static double[] importance(float[] observed, float[] drawn, double threshold) {
        double[] weights = new double[drawn.length];
        for (int t = 0; t < weights.length; t++) {
            weights[t] = Math.min(Math.exp((double) observed[t] - drawn[t]), threshold);
        }
        return weights;
    }
}
