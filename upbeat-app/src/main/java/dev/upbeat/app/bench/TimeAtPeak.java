package dev.upbeat.app.bench;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.MachinePeak;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;

/**
 * Seconds that a pass would take if its matrix products ran at the machine's peak and all else took no time: the
 * numerator of {@code share_of_peak}. Only products that the result needs are counted, no recomputation. A product takes
 * the longer of its operations and of reading its weights from memory.
 *
 * @param dtype of matrix products; those of attention are in the dtype of {@link Kernels#attention}
 */
record TimeAtPeak(ModelConfig config, Dtype dtype, MachinePeak peak) {
    /** A pass over sequences of this length, with log-probs. */
    double forward(long sequences, long tokens) {
        return linear(sequences * tokens, true) + attention(sequences * attendedPairs(tokens));
    }

    /**
     * The same with the rhythm: each layer that is observed needs its scores again, in f32, for the pairs within the
     * window and the horizon.
     */
    double observe(long sequences, long tokens, List<Integer> layers, RhythmSettings settings) {
        long reach = settings.horizon().open()
                ? tokens
                : Math.max(settings.window(), settings.horizon().hi());
        long pairs = sequences * Math.min(attendedPairs(tokens), tokens * Math.min(tokens, reach));
        double again = 2.0 * config.heads() * config.headDim() * pairs * layers.size() / peak.f32();
        return forward(sequences, tokens) + again;
    }

    /** Prompts at once, then token by token, with a cache of keys and values in f32. */
    double decode(long batch, long promptTokens, long newTokens, long distinctPrompts) {
        double seconds = linear(distinctPrompts * promptTokens, false)
                + attention(distinctPrompts * attendedPairs(promptTokens));
        double cacheBytesOfAToken = 2.0 * 4 * config.layers() * config.kvHeads() * config.headDim();
        for (long t = 0; t < newTokens; t++) {
            seconds += linear(batch, true);
            // A common prompt is read once for all its responses.
            double read = cacheBytesOfAToken * (distinctPrompts * promptTokens + batch * t);
            seconds += Math.max(read / peak.bandwidth(), attentionOperations(batch * (promptTokens + t)) / peak.f32());
        }
        return seconds;
    }

    /** Forward and backward pass of the loss: three times the products of a forward pass. */
    double update(long sequences, long tokens) {
        return 3 * forward(sequences, tokens);
    }

    /** All linear layers for so many tokens. */
    private double linear(long tokens, boolean head) {
        double weights = (double) config.layers()
                        * config.hidden()
                        * (2.0 * (config.heads() + config.kvHeads()) * config.headDim() + 3.0 * config.mlp())
                + (head ? (double) config.vocabulary() * config.hidden() : 0);
        return Math.max(2 * weights * tokens / peak.products(dtype), weights * dtype.bytes() / peak.bandwidth());
    }

    private double attention(double pairs) {
        Dtype type = dtype == Dtype.BF16 ? Kernels.current().attention() : Dtype.F32;
        return attentionOperations(pairs) / peak.products(type);
    }

    /** q k^T and the weighted sum of values. */
    private double attentionOperations(double pairs) {
        return 4.0 * config.layers() * config.heads() * config.headDim() * pairs;
    }

    private static long attendedPairs(long tokens) {
        return tokens * (tokens + 1) / 2;
    }
}
