package dev.upbeat.train.config;

/**
 * A model to be made from scratch, of Llama's form, with random weights.
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
                section.requiredInteger("layers", 1, 10_000),
                section.requiredInteger("hidden", 1, 1 << 20),
                section.requiredInteger("heads", 1, 1 << 16),
                section.requiredInteger("kv_heads", 1, 1 << 16),
                section.requiredInteger("head_dim", 2, 1 << 16),
                section.requiredInteger("mlp", 1, 1 << 20),
                section.requiredInteger("context", 2, 1 << 24),
                section.number("rope_theta", 10_000, Range.above(0)),
                section.flag("tied", false),
                section.flag("number_features", false));
        if (config.heads % config.kvHeads != 0) {
            throw section.wrong("kv_heads", "a divisor of architecture.heads, which is " + config.heads);
        }
        if (config.headDim % 2 != 0) {
            throw section.wrong("head_dim", "an even number, for the rotation");
        }
        return config;
    }
}
