package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints: dimensions i and i
 * + D/2 are rotated by the angle position * frequency[i]. YaRN also scales the vectors.
 */
final class Rope {
    private final RopeFrequencies frequencies;
    private final float magnitude;

    Rope(ModelConfig config) {
        frequencies = new RopeFrequencies(config.headDim(), config.ropeTheta(), config.ropeScaling());
        magnitude = config.ropeScaling() instanceof RopeScaling.Yarn yarn ? (float) yarn.attentionFactor() : 1;
    }

    /**
     * Cosines and sines of the rotation angles.
     *
     * @param cos cosines, f32, [.., D]; both halves are the same
     * @param sin sines, f32, [.., D]; the lower half is negated
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

        /** Angles of the inverse rotation, for gradients. */
        Angles reversed() {
            return new Angles(cos, sin.neg());
        }
    }

    /**
     * Angles that broadcast to [B, N, heads, D].
     *
     * @param positions position ids, [b, n], row-major; b is B, or 1 if all sequences have the same
     * @param ropeLengths sequence length of each position, [b, n], on which the frequencies of dynamic scaling depend
     */
    Angles angles(int[] positions, int[] ropeLengths, long b, long n) {
        int half = frequencies.count();
        float[] cos = new float[2 * positions.length * half];
        float[] sin = new float[2 * positions.length * half];
        float[] frequency = {};
        for (int p = 0; p < positions.length; p++) {
            if (p == 0 || ropeLengths[p] != ropeLengths[p - 1]) {
                frequency = frequencies.of(ropeLengths[p]);
            }
            for (int i = 0; i < half; i++) {
                // As in the reference implementations the angle is rounded to f32. Its cosine is computed in f64.
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
