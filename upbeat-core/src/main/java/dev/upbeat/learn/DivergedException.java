package dev.upbeat.learn;

/** A loss or a gradient is no finite number. The step was not applied: weights and moments are as before it. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param gradientStep the step that was not taken, from 0 */
    DivergedException(long gradientStep, double loss, double gradientNorm, double learningRate) {
        super("gradient step " + gradientStep + " has loss " + loss + " and gradient norm " + gradientNorm
                + " (learning rate " + learningRate + "), where finite numbers are expected; the weights are as before"
                + " it. Try a lower learning rate, a longer warm-up, or f32.");
    }
}
