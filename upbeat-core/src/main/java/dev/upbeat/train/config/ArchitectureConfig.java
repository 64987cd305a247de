package dev.upbeat.train.config;

/**
 * Shape of a new model of the Llama architecture, which starts from random weights.
 *
 * @param numberFeatures whether the embedding and head rows of tokens that are integers start from Fourier features of
 *     their value
 */
public record ArchitectureConfig(
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int mlp,
        int context,
        double ropeTheta,
        boolean tied,
        boolean numberFeatures) {

    static ArchitectureConfig read(Section section) {
        ArchitectureConfig config = new ArchitectureConfig(
                section.required("layers").integer(1, 10_000),
                section.required("hidden").integer(1, 1 << 20),
                section.required("heads").integer(1, 1 << 16),
                section.required("kv_heads").integer(1, 1 << 16),
                section.required("head_dim").integer(2, 1 << 16),
                section.required("mlp").integer(1, 1 << 20),
                section.required("context").integer(2, 1 << 24),
                section.optional("rope_theta", 10_000).number(Range.above(0)),
                section.optional("tied", false).flag(),
                section.optional("number_features", false).flag());
        if (config.heads % config.kvHeads != 0) {
            throw section.wrong("kv_heads", "a divisor of architecture.heads, which is " + config.heads);
        }
        if (config.headDim % 2 != 0) {
            throw section.wrong("head_dim", "an even number, for the rotation");
        }
        return config;
    }
}
