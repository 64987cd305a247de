package dev.upbeat.learn;

/** A loss or a gradient is no finite number. The step was not applied: weights and moments are as before it. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long gradientStep;
    private final double loss;
    private final double gradientNorm;

    DivergedException(long gradientStep, double loss, double gradientNorm, double learningRate) {
        super("gradient step " + gradientStep + " has loss " + loss + " and gradient norm " + gradientNorm
                + " (learning rate " + learningRate + "), where finite numbers are expected; the weights are as before"
                + " it. Try a lower learning rate, a longer warm-up, or f32.");
        this.gradientStep = gradientStep;
        this.loss = loss;
        this.gradientNorm = gradientNorm;
    }

    /** The step that was not taken, from 0. */
    public long gradientStep() {
        return gradientStep;
    }

    public double loss() {
        return loss;
    }

    /** Before clipping. */
    public double gradientNorm() {
        return gradientNorm;
    }
}
