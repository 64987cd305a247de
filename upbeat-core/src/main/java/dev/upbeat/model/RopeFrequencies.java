package dev.upbeat.model;

import dev.upbeat.checkpoint.RopeScaling;

/**
 * Rotary frequencies of each pair of dimensions, radians per position, as transformers computes them. YaRN and dynamic
 * scaling round to f32 after each step as transformers does, because the roundings add up.
 */
final class RopeFrequencies {
    private final int headDim;
    private final double theta;
    private final RopeScaling scaling;
    private final float[] original;

    RopeFrequencies(int headDim, double theta, RopeScaling scaling) {
        this.headDim = headDim;
        this.theta = theta;
        this.scaling = scaling;
        this.original = scaling instanceof RopeScaling.Yarn yarn ? yarn(yarn) : fixed();
    }

    /** D/2. */
    int count() {
        return original.length;
    }

    /** Frequencies for a sequence of {@code length} tokens, [D/2]. */
    float[] of(int length) {
        return scaling instanceof RopeScaling.Dynamic dynamic && length > dynamic.originalContext()
                ? powers(dynamicBase(dynamic, length))
                : original;
    }

    private float[] fixed() {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = Math.pow(theta, -2.0 * i / headDim);
            frequencies[i] = (float)
                    (scaling instanceof RopeScaling.Linear linear
                            ? frequency / linear.factor()
                            : scaling instanceof RopeScaling.Llama3 llama3 ? llama3(frequency, llama3) : frequency);
        }
        return frequencies;
    }

    private static double llama3(double frequency, RopeScaling.Llama3 llama3) {
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

    private float[] yarn(RopeScaling.Yarn yarn) {
        double low = pairOf(yarn.betaFast(), yarn.originalContext());
        double high = pairOf(yarn.betaSlow(), yarn.originalContext());
        if (yarn.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, headDim - 1);
        float width = (float) (low == high ? 0.001 : high - low);
        float[] frequencies = powers((float) theta);
        for (int i = 0; i < frequencies.length; i++) {
            float ramp = Math.min(1, Math.max(0, (i - (float) low) / width));
            float kept = 1 - ramp;
            float divided = 1 / ((float) yarn.factor() * inverse(i, (float) theta));
            frequencies[i] = divided * (1 - kept) + frequencies[i] * kept;
        }
        return frequencies;
    }

    /**
     * Index, in general a fraction, of the pair of dimensions that makes {@code turns} turns within the original
     * context.
     */
    private double pairOf(double turns, int originalContext) {
        return headDim * Math.log(originalContext / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private float dynamicBase(RopeScaling.Dynamic dynamic, int length) {
        float longer = (float) dynamic.factor() * length / dynamic.originalContext() - (float) (dynamic.factor() - 1);
        return (float) theta * (float) Math.pow(longer, (float) ((double) headDim / (headDim - 2)));
    }

    private float[] powers(float base) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / inverse(i, base);
        }
        return frequencies;
    }

    /** Positions per radian. */
    private float inverse(int pair, float base) {
        return (float) Math.pow(base, (float) (2 * pair) / headDim);
    }
}
