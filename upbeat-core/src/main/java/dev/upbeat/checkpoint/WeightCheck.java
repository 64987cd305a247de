package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Checks that a checkpoint has the tensors of its configuration, with their shapes, and no others.
 *
 * @param path of the checkpoint, for messages
 */
record WeightCheck(WeightSource weights, ModelConfig config, Path path) {
    /** Buffer in older checkpoints, which is recomputed from the configuration. */
    private static final String DERIVED = "rotary_emb.inv_freq";

    /** Prefixes of extra heads, which are ignored: a value function (TRL's PPO), a classifier or a reward model. */
    private static final List<String> OTHER_HEADS = List.of("v_head.", "score.");

    /** @throws BadInputException if a tensor is missing, unknown or of another shape */
    static void require(WeightSource weights, ModelConfig config, Path path) {
        new WeightCheck(weights, config, path).shapes();
    }

    private void shapes() {
        Map<String, long[]> expected = WeightShapes.of(config);
        expected.forEach((name, shape) -> {
            if (name.equals(HfWeights.HEAD) && !weights.names().contains(name)) {
                throw unfit("has no tensor " + name + ", expected with shape " + Arrays.toString(shape)
                        + " since tie_word_embeddings is false or absent in config.json; set it to true if the model's"
                        + " head is its embedding");
            }
            if (!weights.names().contains(name)) {
                throw unfit("has no tensor " + name + ", expected with shape " + Arrays.toString(shape));
            }
            if (!Arrays.equals(weights.shape(name), shape)) {
                throw unfit("has tensor " + name + " of shape " + Arrays.toString(weights.shape(name)) + ", expected "
                        + Arrays.toString(shape));
            }
        });
        for (String name : weights.names()) {
            boolean known = expected.containsKey(name) || name.equals(HfWeights.HEAD) || name.endsWith(DERIVED);
            if (!known && OTHER_HEADS.stream().noneMatch(name::startsWith)) {
                throw unfit("has tensor " + name + ", which this architecture does not have");
            }
        }
    }

    private BadInputException unfit(String what) {
        return new BadInputException(path + " " + what + " (by its configuration: " + config.architecture() + ", "
                + config.layers() + " layers, hidden " + config.hidden() + ", " + config.heads() + " query and "
                + config.kvHeads() + " key/value heads of " + config.headDim() + ", MLP " + config.mlp()
                + ", vocabulary " + config.vocabulary() + "). Fetch the weights and the configuration of the same "
                + "version again.");
    }
}
