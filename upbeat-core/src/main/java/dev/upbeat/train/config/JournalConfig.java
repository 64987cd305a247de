package dev.upbeat.train.config;

/**
 * Which traces of a training are kept.
 *
 * @param tracesEvery steps between two files of traces; 0 for none. The first and the last step have one too.
 * @param traces responses in each file: the first ones of the step, whatever their advantage
 */
public record JournalConfig(int tracesEvery, int traces) {
    static JournalConfig read(Section section) {
        return new JournalConfig(
                section.optional("traces_every", 25).integer(0, Integer.MAX_VALUE),
                section.optional("traces", 32).integer(1, 1 << 20));
    }
}
