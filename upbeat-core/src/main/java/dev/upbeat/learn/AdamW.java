package dev.upbeat.learn;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Fused AdamW (arXiv 1711.05101): one pass over weights, gradients and moments per step. Weight decay applies to
 * matrices, not to norms and biases.
 */
final class AdamW implements AutoCloseable {
    /**
     * @param beta1 decay of the gradient's running mean, in [0, 1)
     * @param beta2 decay of the squared gradient's running mean, in [0, 1)
     * @param epsilon added to the denominator, positive
     * @param weightDecay weight decay of matrices, at least 0
     */
    record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        Settings {
            requireBeta("beta1", beta1);
            requireBeta("beta2", beta2);
            if (!(epsilon > 0)) {
                throw new IllegalArgumentException("epsilon is " + epsilon + ", expected a positive number");
            }
            if (!(weightDecay >= 0)) {
                throw new IllegalArgumentException("weight decay is " + weightDecay + ", expected at least 0");
            }
        }

        private static void requireBeta(String name, double beta) {
            if (!(beta >= 0 && beta < 1)) {
                throw new IllegalArgumentException(name + " is " + beta + ", expected a number in [0, 1)");
            }
        }
    }

    private final FlatWeights layout;
    private final Settings settings;
    private final Tensor first;
    private final Tensor second;
    private long steps;

    AdamW(FlatWeights layout, Settings settings) {
        this.layout = layout;
        this.settings = settings;
        this.first = layout.zeros(ScalarType.Float);
        this.second = layout.zeros(ScalarType.Float);
    }

    /**
     * Updates the weights in place.
     *
     * @param weights flat, f32
     * @param gradients flat, f32
     */
    void step(Tensor weights, Tensor gradients, double learningRate) {
        steps++;
        long matrices = layout.matrices();
        update(weights, gradients, 0, matrices, learningRate, settings.weightDecay());
        update(weights, gradients, matrices, layout.size() - matrices, learningRate, 0);
    }

    private void update(Tensor weights, Tensor gradients, long start, long count, double learningRate, double decay) {
        Scoped.run(() -> Operators.adamW(
                weights.narrow(0, start, count),
                gradients.narrow(0, start, count),
                first.narrow(0, start, count),
                second.narrow(0, start, count),
                steps,
                learningRate,
                settings.beta1(),
                settings.beta2(),
                decay,
                settings.epsilon()));
    }

    /** Number of steps taken. */
    long steps() {
        return steps;
    }

    /** Running mean of the gradients, flat, f32. */
    Tensor first() {
        return first;
    }

    /** Running mean of the squared gradients, flat, f32. */
    Tensor second() {
        return second;
    }

    /** Restores a saved state. */
    void restore(long savedSteps, Tensor savedFirst, Tensor savedSecond) {
        first.copy_(savedFirst);
        second.copy_(savedSecond);
        steps = savedSteps;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
