package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;

/**
 * Rotary scaling named in the metadata of a GGUF file, as llama.cpp computes it:
 *
 * <ol>
 *   <li>Yarn's attention factor follows from the scaling factor (and {@code yarn_log_multiplier}, transformers'
 *       {@code mscale_all_dim}), as in transformers; {@code attn_factor} and {@code yarn_attn_factor} multiply it, where
 *       transformers' {@code attention_factor} replaces it.
 *   <li>The ends of yarn's ramp are always rounded to whole pairs.
 *   <li>llama.cpp reads the betas and the log multiplier for some architectures alone. They come from the model's own
 *       configuration, so here they hold for all.
 * </ol>
 */
final class GgufRope {
    private static final String SCALING = "rope.scaling.";

    private final GgufMetadata metadata;
    private final String prefix;

    /** @param prefix the architecture's, with its dot */
    GgufRope(GgufMetadata metadata, String prefix) {
        this.metadata = metadata;
        this.prefix = prefix;
    }

    /** Without a type it is linear by the factor under its present or its first name, as llama.cpp reads it. */
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
                        + ", those that are read are none, linear and yarn, and Llama 3's " + GgufNames.ROPE_FREQS
                        + ". Use the model's Hugging Face directory.");
        };
    }

    private RopeScaling yarn(double factor) {
        double extrapolation = number(SCALING + "yarn_ext_factor", 1);
        if (extrapolation != 1) {
            throw new BadInputException(metadata.file() + " has " + prefix + SCALING + "yarn_ext_factor "
                    + extrapolation + ", yarn scaling with 1 is read. Use the model's Hugging Face directory.");
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
