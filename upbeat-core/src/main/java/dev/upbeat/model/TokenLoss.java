package dev.upbeat.model;

/** A loss that is a sum over tokens of a function of their log-prob and entropy: {@link Backward} walks it back. */
@FunctionalInterface
public interface TokenLoss {
    /**
     * Fills in the slopes of the rows [from, from + n).
     *
     * @param logProbs nats, [n]
     * @param entropyNats nats, [n]
     * @param byLogProb derivative of the loss by each log-prob, [n], zeros to be filled in
     * @param byEntropy derivative of the loss by each entropy, [n], zeros to be filled in
     */
    void differentiate(int from, float[] logProbs, float[] entropyNats, float[] byLogProb, float[] byEntropy);
}
