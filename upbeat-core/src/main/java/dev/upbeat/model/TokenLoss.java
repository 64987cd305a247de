package dev.upbeat.model;

/** A loss that is a sum over tokens of a function of log-prob and entropy. {@link Backward} computes its gradients. */
@FunctionalInterface
public interface TokenLoss {
    /**
     * Computes the derivatives for the tokens [from, from + n).
     *
     * @param logProbs nats, [n]
     * @param entropyNats nats, [n]
     * @param logProbGradient output: derivative of the loss with respect to each log-prob, [n], initially 0
     * @param entropyGradient output: derivative of the loss with respect to each entropy, [n], initially 0
     */
    void differentiate(
            int from, float[] logProbs, float[] entropyNats, float[] logProbGradient, float[] entropyGradient);
}
