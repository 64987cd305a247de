package dev.upbeat.model;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Rejects NaN and infinity. Without this check a NaN, which fused kernels may produce silently, would look like an
 * undefined value.
 */
public final class Finite {
    private Finite() {}

    /**
     * Rejects outputs of a model that are NaN or infinite.
     *
     * @param values outputs of a model
     * @param what name of the values in the message, such as "log-probs of trace 7"
     * @throws NotFiniteException if a value is NaN or infinite
     */
    public static void require(float[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new NotFiniteException("the " + what + " of the model contain " + values[i] + " at index " + i
                        + ", expected finite numbers: values overflow. Try --dtype f32, or a"
                        + " temperature further from 0");
            }
        }
    }

    /**
     * Rejects weights that are NaN or infinite.
     *
     * @return the weights
     * @throws NotFiniteException if a value is NaN or infinite
     */
    static Tensor require(Tensor weights, String name) {
        try (PointerScope scope = new PointerScope()) {
            // The sum is finite only if every term is. It reads the weights once and copies nothing.
            double sum = weights.sum().item_double();
            if (!Double.isFinite(sum)) {
                throw new NotFiniteException("tensor " + name + " has values that are NaN or infinite, expected"
                        + " finite numbers: the weights are damaged. Download them again");
            }
            return weights;
        }
    }

    /**
     * Rejects trained weights that are NaN or infinite.
     *
     * @param what name of the weights in the message
     * @throws NotFiniteException if a value is NaN or infinite
     */
    public static void requireTrained(Tensor weights, String what) {
        try (PointerScope scope = new PointerScope()) {
            if (!Double.isFinite(weights.sum().item_double())) {
                throw new NotFiniteException(
                        "the " + what + " has values that are NaN or infinite after a gradient step,"
                                + " expected finite numbers: training has diverged. Try a smaller learning rate");
            }
        }
    }
}
