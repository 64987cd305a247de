package dev.upbeat.checkpoint;

/** Scaling of rotary frequencies beyond the context that the model was trained on. */
public sealed interface RopeScaling {
    /** Unchanged frequencies. */
    record None() implements RopeScaling {}

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /** Llama 3.1: low frequencies divided by {@code factor}, high ones kept, a smooth blend between. */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements RopeScaling {}

    /**
     * YaRN (arXiv 2309.00071). Pairs of dimensions that turn at most {@code betaSlow} times within the original context have
     * their frequencies divided by {@code factor}; those that turn at least {@code betaFast} times keep them; a linear ramp
     * covers the pairs between.
     *
     * @param attentionFactor factor that multiplies cosines and sines
     * @param truncate whether the ends of the ramp are rounded outwards to whole pairs
     * @param originalContext context of the original training, tokens
     */
    record Yarn(
            double factor,
            double attentionFactor,
            double betaFast,
            double betaSlow,
            boolean truncate,
            int originalContext)
            implements RopeScaling {
        /** The default attention factor, for a configuration without one. */
        public static double attentionFactor(double factor) {
            return magnitude(factor, 1);
        }

        /** The attention factor of a configuration with {@code mscale} and {@code mscale_all_dim}. */
        public static double attentionFactor(double factor, double mscale, double mscaleAllDim) {
            return magnitude(factor, mscale) / magnitude(factor, mscaleAllDim);
        }

        private static double magnitude(double factor, double mscale) {
            return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
        }

        @Override
        public int context(int stated) {
            return Math.max(stated, stretched(originalContext, factor));
        }
    }

    /**
     * Dynamic NTK: the rotary base grows with the length of the sequence beyond the original context, so each length has its
     * own frequencies.
     *
     * @param originalContext context of the training, tokens
     */
    record Dynamic(double factor, int originalContext) implements RopeScaling {
        @Override
        public int context(int stated) {
            return stretched(originalContext, factor);
        }

        @Override
        public int lengthIndependentUpTo() {
            return originalContext;
        }
    }

    /**
     * Longest sequence the scaled model is made for, tokens.
     *
     * @param stated context in the configuration: {@code max_position_embeddings}
     */
    default int context(int stated) {
        return stated;
    }

    /** Longest sequence with the same frequencies as all shorter ones, tokens. */
    default int lengthIndependentUpTo() {
        return Integer.MAX_VALUE;
    }

    private static int stretched(int context, double factor) {
        return (int) Math.min(Integer.MAX_VALUE, (long) (context * factor));
    }
}
