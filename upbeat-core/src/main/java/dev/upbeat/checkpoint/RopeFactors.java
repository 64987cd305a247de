package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;

/**
 * Recovers Llama 3's rotary scaling from the factors that GGUF files store instead of its parameters: the divisor of
 * each frequency. All published models of this kind share three parameters and differ in the fourth, which is the
 * largest factor; the factors computed from these parameters must equal the stored ones.
 */
final class RopeFactors {
    private static final double LOW_FREQ_FACTOR = 1;
    private static final double HIGH_FREQ_FACTOR = 4;
    private static final int ORIGINAL_CONTEXT = 8192;

    /** Relative error: converters compute in f32, and the blend multiplies rounding errors by up to the scaling factor. */
    private static final double TOLERANCE = 1e-4;

    private RopeFactors() {}

    /** Rejects a tensor that does not have D/2 factors, before it is read. */
    static void requireCount(long count, int headDim, Path file) {
        if (count != headDim / 2) {
            throw new BadInputException(file + " has " + count + " values in " + GgufNames.ROPE_FREQS + ", expected "
                    + headDim / 2 + " for heads of " + headDim + ".");
        }
    }

    /** @param factors [D/2], by which the rotary frequencies are divided */
    static RopeScaling scaling(float[] factors, double ropeTheta, int headDim, Path file) {
        double factor = 1;
        for (float given : factors) {
            factor = given > factor ? given : factor; // a NaN is left for the comparison below
        }
        if (factor == 1) {
            checkOnes(factors, file);
            return new RopeScaling.None();
        }
        for (int i = 0; i < factors.length; i++) {
            double expected = expected(factor, Math.pow(ropeTheta, -2.0 * i / headDim));
            if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
                throw unlike(i, factors[i], expected, file);
            }
        }
        return new RopeScaling.Llama3(factor, LOW_FREQ_FACTOR, HIGH_FREQ_FACTOR, ORIGINAL_CONTEXT);
    }

    private static double expected(double factor, double frequency) {
        double turns = ORIGINAL_CONTEXT * frequency / (2 * Math.PI); // in the original context
        double kept = Math.min(1, Math.max(0, (turns - LOW_FREQ_FACTOR) / (HIGH_FREQ_FACTOR - LOW_FREQ_FACTOR)));
        return 1 / ((1 - kept) / factor + kept);
    }

    private static void checkOnes(float[] factors, Path file) {
        for (int i = 0; i < factors.length; i++) {
            if (factors[i] != 1) {
                throw unlike(i, factors[i], 1, file);
            }
        }
    }

    private static BadInputException unlike(int i, float given, double expected, Path file) {
        return new BadInputException(file + " has " + given + " at " + i + " of " + GgufNames.ROPE_FREQS + ", expected "
                + expected + " from Llama 3's scaling (frequency factors " + LOW_FREQ_FACTOR + " and "
                + HIGH_FREQ_FACTOR + ", original context " + ORIGINAL_CONTEXT
                + "). A GGUF file does not name other parameters: use the model's Hugging Face directory.");
    }
}
