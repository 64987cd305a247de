package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RowChoice;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Rows of a file to use. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class RowFlags {
    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N rows.")
    private @Nullable Integer limit;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Use N random rows, drawn by --seed, in their order (the paper: 70).")
    private @Nullable Integer sample;

    /** @throws BadInputException if both options are given, or one is below 1 */
    RowChoice choice(long seed) {
        return new RowChoice(limit, sample, seed);
    }

    /** @throws BadInputException if an option is given with {@code --text}, which is one question and no file */
    void refuseWithText() {
        if (limit != null || sample != null) {
            throw new BadInputException((limit != null ? "--limit " + limit : "--sample " + sample)
                    + " chooses rows of a file, but --text gives one question; leave one of the two out");
        }
    }

    /** Records the options that are given. */
    void record(Map<String, Object> config) {
        if (limit != null) {
            config.put("limit", limit);
        }
        if (sample != null) {
            config.put("sample", sample);
        }
    }
}
