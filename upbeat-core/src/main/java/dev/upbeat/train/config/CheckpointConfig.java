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
                section.integer("every", 25, 1, Integer.MAX_VALUE),
                section.integer("keep_last", 2, 1, Integer.MAX_VALUE),
                section.flag("keep_best", true));
    }
}
