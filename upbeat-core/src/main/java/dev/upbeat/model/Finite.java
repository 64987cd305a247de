package dev.upbeat.model;

import dev.upbeat.io.BadInputException;

/** Refuses a model whose numbers are no numbers, before they pass for values that are merely undefined. */
public final class Finite {
    private Finite() {}

    /**
     * @param what they are, for the message: "log-probs of trace 7"
     * @throws BadInputException where a value is NaN or infinite
     */
    public static void require(float[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            require(values[i], what, i);
        }
    }

    public static void require(double[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            require(values[i], what, i);
        }
    }

    private static void require(double value, String what, int index) {
        if (!Double.isFinite(value)) {
            throw new BadInputException("the model gives " + value + " in the " + what + " (number " + index
                    + "), where finite numbers are expected: its weights are damaged, or too large for the dtype;"
                    + " fetch it again, or try --dtype f32");
        }
    }
}
