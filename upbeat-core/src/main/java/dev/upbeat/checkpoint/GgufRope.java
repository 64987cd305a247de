package dev.upbeat.checkpoint;

import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;

/**
 * Rotary scaling in the metadata of a GGUF file, computed as in llama.cpp:
 *
 * <ol>
 *   <li>YaRN's attention factor follows from the scaling factor and {@code yarn_log_multiplier} (transformers' {@code
 *       mscale_all_dim}). {@code attn_factor} and {@code yarn_attn_factor} multiply it, whereas transformers' {@code
 *       attention_factor} replaces it.
 *   <li>The ends of YaRN's ramp are always rounded to whole pairs.
 *   <li>llama.cpp reads the betas and the log multiplier only for some architectures. They come from the model's own
 *       configuration, so this class applies them to all.
 * </ol>
 */
final class GgufRope {
    private static final String SCALING = "rope.scaling.";

    private final GgufMetadata metadata;
    private final String prefix;

    /** @param prefix prefix of the architecture's keys, including the dot */
    GgufRope(GgufMetadata metadata, String prefix) {
        this.metadata = metadata;
        this.prefix = prefix;
    }

    /**
     * The scaling. If the type is absent it is linear, and the factor may stand under its current or its former key, as
     * in llama.cpp.
     */
    RopeScaling scaling() {
        String key = prefix + SCALING + "type";
        String type = metadata.contains(key) ? metadata.string(key) : "linear";
        double factor = number(SCALING + "factor", number("rope.scale_linear", 1));
        return switch (type) {
            case "none" -> new RopeScaling.None();
            case "linear" -> factor == 1 ? new RopeScaling.None() : new RopeScaling.Linear(factor);
            case "yarn" -> yarn(factor);
            default ->
                throw new BadInputException(metadata.file() + " has " + key + " " + type
                        + ", expected none, linear or yarn, or Llama 3's tensor " + GgufNames.ROPE_FREQS
                        + ". Use the model's Hugging Face directory.");
        };
    }

    private RopeScaling yarn(double factor) {
        double extrapolation = number(SCALING + "yarn_ext_factor", 1);
        if (extrapolation != 1) {
            throw new BadInputException(metadata.file() + " has " + prefix + SCALING + "yarn_ext_factor "
                    + extrapolation + ", expected 1. Use the model's Hugging Face directory.");
        }
        double logMultiplier = number(SCALING + "yarn_log_multiplier", 0);
        double inferred = logMultiplier == 0
                ? RopeScaling.Yarn.attentionFactor(factor)
                : RopeScaling.Yarn.attentionFactor(factor, 1, logMultiplier);
        String original = prefix + SCALING + "original_context_length";
        return new RopeScaling.Yarn(
                factor,
                inferred * number(SCALING + "attn_factor", 1) * number(SCALING + "yarn_attn_factor", 1),
                number(SCALING + "yarn_beta_fast", 32),
                number(SCALING + "yarn_beta_slow", 1),
                true,
                metadata.integer(metadata.contains(original) ? original : prefix + "context_length"));
    }

    private double number(String key, double absent) {
        return metadata.contains(prefix + key) ? metadata.number(prefix + key) : absent;
    }
}
