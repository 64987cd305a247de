package dev.upbeat.train.config;

/**
 * The loss on traces that are never trained on.
 *
 * @param every steps between two measurements; 0 for none
 * @param traces number of traces: fresh demonstrations, or the last rows of the file
 */
public record ValidationConfig(int every, int traces) {
    static ValidationConfig read(Section section) {
        return new ValidationConfig(
                section.optional("every", 100).integer(0, Integer.MAX_VALUE),
                section.optional("traces", 512).integer(1, 1 << 24));
    }
}
