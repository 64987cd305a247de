package dev.upbeat.train.config;

/**
 * Which checkpoints are written and which are kept, and the dtype of their weights.
 *
 * @param every steps between two checkpoints; the last step always has one
 * @param keepLast number of latest checkpoints to keep
 * @param keepBest whether the checkpoint with the best {@code eval/accuracy} is kept too
 * @param dtype dtype of the exported weights: {@code f32}, {@code bf16}, or {@code auto} for that of the model that was read
 */
public record CheckpointConfig(int every, int keepLast, boolean keepBest, String dtype) {
    static CheckpointConfig read(Section section) {
        return new CheckpointConfig(
                section.optional("every", 25).integer(1, Integer.MAX_VALUE),
                section.optional("keep_last", 2).integer(1, Integer.MAX_VALUE),
                section.optional("keep_best", true).flag(),
                section.optional("dtype", "f32").choice("f32", "bf16", "auto"));
    }
}
