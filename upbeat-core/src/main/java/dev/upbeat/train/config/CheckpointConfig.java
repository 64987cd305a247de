package dev.upbeat.train.config;

/**
 * Which checkpoints are written and which are kept.
 *
 * @param every steps between two checkpoints; the last step always has one
 * @param keepLast number of latest checkpoints to keep
 * @param keepBest whether the checkpoint with the best {@code eval/accuracy} is kept too
 */
public record CheckpointConfig(int every, int keepLast, boolean keepBest) {
    static CheckpointConfig read(Section section) {
        return new CheckpointConfig(
                section.optional("every", 25).integer(1, Integer.MAX_VALUE),
                section.optional("keep_last", 2).integer(1, Integer.MAX_VALUE),
                section.optional("keep_best", true).flag());
    }
}
