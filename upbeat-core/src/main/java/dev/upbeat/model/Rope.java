package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints: dimension i turns
 * with dimension i + D/2 by the angle position * frequency[i].
 */
final class Rope {
    private final double[] frequencies;

    Rope(ModelConfig config) {
        this.frequencies = frequencies(config.headDim(), config.ropeTheta(), config.ropeScaling());
    }

    /** Cosines and sines of the angles, f32, each [.., D/2] over the shape of the positions. */
    record Angles(Tensor cos, Tensor sin) {}

    /** Angles for the positions, in a shape that broadcasts against [B, heads, N, D/2]. */
    Angles angles(int[] positions, long... shape) {
        int half = frequencies.length;
        float[] cos = new float[positions.length * half];
        float[] sin = new float[positions.length * half];
        for (int n = 0; n < positions.length; n++) {
            for (int i = 0; i < half; i++) {
                // The angle is rounded to f32 as in the reference implementations, then its cosine is exact.
                double angle = (float) (positions[n] * (float) frequencies[i]);
                cos[n * half + i] = (float) Math.cos(angle);
                sin[n * half + i] = (float) Math.sin(angle);
            }
        }
        return new Angles(Tensors.of(cos, shape), Tensors.of(sin, shape));
    }

    /**
     * Rotates and scales.
     *
     * @param x f32, [B, heads, N, D], any strides
     * @param width columns of the result, at least D; those beyond D are zero
     * @param scale factor on the result
     * @return f32, [B, heads, N, width], contiguous
     */
    static Tensor rotate(Tensor x, Angles angles, long width, double scale) {
        long d = x.size(3);
        long half = d / 2;
        Tensor low = x.narrow(3, 0, half);
        Tensor high = x.narrow(3, half, half);
        Tensor cos = scale == 1 ? angles.cos() : angles.cos().mul(new Scalar(scale));
        Tensor sin = scale == 1 ? angles.sin() : angles.sin().mul(new Scalar(scale));
        Tensor turnedLow = low.mul(cos).addcmul_(high, sin, new Scalar(-1.0));
        Tensor turnedHigh = high.mul(cos).addcmul_(low, sin);
        Tensor out = torch.empty(x.size(0), x.size(1), x.size(2), width);
        out.narrow(3, 0, half).copy_(turnedLow);
        out.narrow(3, half, half).copy_(turnedHigh);
        if (width > d) {
            out.narrow(3, d, width - d).zero_();
        }
        return out;
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
