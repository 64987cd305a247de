package dev.upbeat.model;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Refuses numbers that are none before they pass for values that are merely undefined: fused kernels hide a NaN. */
public final class Finite {
    private Finite() {}

    /**
     * @param values what a model gives
     * @param what they are, for the message: "log-probs of trace 7"
     * @throws NotFiniteException where one is NaN or infinite
     */
    public static void require(float[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new NotFiniteException("the model gives " + values[i] + " in the " + what + " (number " + i
                        + "), where finite numbers are expected: values overflow; try --dtype f32, or a temperature"
                        + " that is not so near 0");
            }
        }
    }

    /**
     * @return the weights
     * @throws NotFiniteException where one is NaN or infinite
     */
    static Tensor require(Tensor weights, String name) {
        try (PointerScope scope = new PointerScope()) {
            double sum = weights.sum().item_double(); // not finite where a term is not, and read once, without a copy
            if (!Double.isFinite(sum)) {
                throw new NotFiniteException("tensor " + name + " has values that are NaN or infinite, where finite"
                        + " numbers are expected: the weights are damaged; fetch them again");
            }
            return weights;
        }
    }
}
