package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints: dimension i turns
 * with dimension i + D/2 by the angle position * frequency[i].
 */
final class Rope {
    private final double[] frequencies;

    Rope(ModelConfig config) {
        this.frequencies = frequencies(config.headDim(), config.ropeTheta(), config.ropeScaling());
    }

    /**
     * What turns vectors at some positions.
     *
     * @param cos cosines of the angles, f32, [.., D]: one a dimension, so both halves are the same
     * @param sin sines, f32, [.., D]: the low half negative
     */
    record Angles(Tensor cos, Tensor sin) {
        /**
         * @param x f32, [B, N, heads, D], any strides
         * @return x rotated, f32, [B, N, heads, D]
         */
        Tensor rotate(Tensor x) {
            Tensor halvesSwapped = x.roll(new long[] {x.size(3) / 2}, new long[] {3});
            return x.mul(cos).addcmul_(halvesSwapped, sin);
        }

        /** Angles that turn the other way: the way back, and that of gradients. */
        Angles reversed() {
            return new Angles(cos, sin.neg());
        }
    }

    /**
     * Angles that broadcast against [B, N, heads, D].
     *
     * @param positions [b, n], row by row: b is B, or 1 where all sequences have the same
     */
    Angles angles(int[] positions, long b, long n) {
        int half = frequencies.length;
        float[] cos = new float[2 * positions.length * half];
        float[] sin = new float[2 * positions.length * half];
        for (int p = 0; p < positions.length; p++) {
            for (int i = 0; i < half; i++) {
                // The angle is rounded to f32 as in the reference implementations, then its cosine is exact.
                double angle = positions[p] * (float) frequencies[i];
                int low = 2 * p * half + i;
                int high = low + half;
                cos[low] = cos[high] = (float) Math.cos(angle);
                sin[high] = (float) Math.sin(angle);
                sin[low] = -sin[high];
            }
        }
        long[] shape = {b, n, 1, 2L * half};
        return new Angles(Tensors.of(cos, shape), Tensors.of(sin, shape));
    }

    /** Radians a position of each pair of dimensions, [D/2]. */
    static double[] frequencies(int headDim, double theta, RopeScaling scaling) {
        double[] frequencies = new double[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(Math.pow(theta, -2.0 * i / headDim), scaling);
        }
        return frequencies;
    }

    private static double scaled(double frequency, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return frequency / linear.factor();
        }
        if (scaling instanceof RopeScaling.Llama3 llama3) {
            double wavelength = 2 * Math.PI / frequency;
            double longest = llama3.originalContext() / llama3.lowFreqFactor();
            double shortest = llama3.originalContext() / llama3.highFreqFactor();
            if (wavelength < shortest) {
                return frequency;
            }
            if (wavelength > longest) {
                return frequency / llama3.factor();
            }
            double blend = (llama3.originalContext() / wavelength - llama3.lowFreqFactor())
                    / (llama3.highFreqFactor() - llama3.lowFreqFactor());
            return (1 - blend) * frequency / llama3.factor() + blend * frequency;
        }
        return frequency;
    }
}
