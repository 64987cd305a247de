package dev.upbeat.learn;

/** A loss or a gradient is NaN or infinite. The step was not applied, so weights and moments are unchanged. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param gradientStep number of the step that was not applied, from 0 */
    DivergedException(long gradientStep, double loss, double gradientNorm, double learningRate) {
        super("gradient step " + gradientStep + " has loss " + loss + " and gradient norm " + gradientNorm
                + " (learning rate " + learningRate + "), expected finite numbers; the step was not applied."
                + " Try a lower learning rate, a longer warm-up, or f32.");
    }
}
