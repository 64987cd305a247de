package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints: dimension i turns
 * with dimension i + D/2 by the angle position * frequency[i]. YaRN also lengthens the vectors.
 */
final class Rope {
    private final RopeFrequencies frequencies;
    private final float magnitude;

    Rope(ModelConfig config) {
        frequencies = new RopeFrequencies(config.headDim(), config.ropeTheta(), config.ropeScaling());
        magnitude = config.ropeScaling() instanceof RopeScaling.Yarn yarn ? (float) yarn.attentionFactor() : 1;
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

        /** Angles that turn the other way, as gradients do. */
        Angles reversed() {
            return new Angles(cos, sin.neg());
        }
    }

    /**
     * Angles that broadcast against [B, N, heads, D].
     *
     * @param positions [b, n], row by row: b is B, or 1 where all sequences have the same
     * @param stretches length of the sequence that each belongs to, [b, n]: dynamic scaling follows it
     */
    Angles angles(int[] positions, int[] stretches, long b, long n) {
        int half = frequencies.count();
        float[] cos = new float[2 * positions.length * half];
        float[] sin = new float[2 * positions.length * half];
        float[] frequency = {};
        for (int p = 0; p < positions.length; p++) {
            if (p == 0 || stretches[p] != stretches[p - 1]) {
                frequency = frequencies.of(stretches[p]);
            }
            for (int i = 0; i < half; i++) {
                // The angle is rounded to f32 as in the reference implementations, then its cosine is exact.
                double angle = positions[p] * frequency[i];
                int low = 2 * p * half + i;
                int high = low + half;
                cos[low] = cos[high] = (float) Math.cos(angle) * magnitude;
                sin[high] = (float) Math.sin(angle) * magnitude;
                sin[low] = -sin[high];
            }
        }
        long[] shape = {b, n, 1, 2L * half};
        return new Angles(Tensors.of(cos, shape), Tensors.of(sin, shape));
    }
}
