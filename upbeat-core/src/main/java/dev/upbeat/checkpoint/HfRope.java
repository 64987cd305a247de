package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import dev.upbeat.json.JsonFields;

/**
 * Rotary settings of config.json in either spelling, with transformers' defaults. As in transformers,
 * {@code rope_scaling} takes precedence over {@code rope_parameters}.
 */
final class HfRope {
    private static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";

    private final JsonFields config;
    private final JsonFields rope;
    private final int context;

    /** @param context {@code max_position_embeddings}, or its default */
    HfRope(JsonFields config, int context) {
        this.config = config;
        this.context = context;
        JsonFields scaling = config.object("rope_scaling");
        rope = scaling.isEmpty() ? config.object("rope_parameters") : scaling;
        if (rope.has(HfConfig.FULL) || rope.has(HfConfig.SLIDING)) {
            throw new BadInputException(
                    config.file() + " has rotary settings for each layer type, expected the same for all layers.");
        }
        double rotated = rope.number("partial_rotary_factor", config.number("partial_rotary_factor", 1));
        if (rotated != 1) {
            throw new BadInputException(config.file() + " has partial_rotary_factor " + rotated
                    + ", expected 1.0, a rotation of whole heads.");
        }
    }

    double theta() {
        return rope.number("rope_theta", config.number("rope_theta", 10_000));
    }

    RopeScaling scaling() {
        String type = rope.string("rope_type", rope.string("type", "default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(rope.number("factor"));
            case "dynamic" -> new RopeScaling.Dynamic(rope.number("factor"), context);
            case "llama3" ->
                new RopeScaling.Llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        originalContext());
            case "yarn" -> yarn();
            default ->
                throw new BadInputException(config.file() + " has rotary scaling \"" + type
                        + "\", expected default, linear, dynamic, llama3 or yarn. Use a checkpoint of the model "
                        + "with one of them.");
        };
    }

    private RopeScaling yarn() {
        int original = originalContext();
        // If factor is null rather than absent, transformers takes the ratio of the two contexts.
        double factor = rope.isNull("factor") ? (double) context / original : rope.number("factor");
        double mscale = rope.number("mscale", 0);
        double mscaleAllDim = rope.number("mscale_all_dim", 0);
        double inferred = mscale != 0 && mscaleAllDim != 0
                ? RopeScaling.Yarn.attentionFactor(factor, mscale, mscaleAllDim)
                : RopeScaling.Yarn.attentionFactor(factor);
        return new RopeScaling.Yarn(
                factor,
                rope.number("attention_factor", inferred),
                positiveOr(32, "beta_fast"),
                positiveOr(1, "beta_slow"),
                rope.bool("truncate", !rope.isNull("truncate")),
                original);
    }

    /** Returns the default if the value is zero, as transformers does. */
    private double positiveOr(double otherwise, String key) {
        double given = rope.number(key, otherwise);
        return given == 0 ? otherwise : given;
    }

    private int originalContext() {
        return config.integer(ORIGINAL_CONTEXT, rope.integer(ORIGINAL_CONTEXT, context));
    }
}
