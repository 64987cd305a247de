package dev.upbeat.train.config;

/**
 * Which checkpoints are written and which stay.
 *
 * @param every steps between two; the last step always has one
 * @param keepLast how many of the latest stay
 * @param keepBest whether the one of best {@code eval/accuracy} stays as well
 */
public record CheckpointConfig(int every, int keepLast, boolean keepBest) {
    static CheckpointConfig read(Section section) {
        return new CheckpointConfig(
                section.optional("every", 25).integer(1, Integer.MAX_VALUE),
                section.optional("keep_last", 2).integer(1, Integer.MAX_VALUE),
                section.optional("keep_best", true).flag());
    }
}
