package dev.upbeat.app.cli;

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

    /** @throws dev.upbeat.io.BadInputException if both options are given, or one is below 1 */
    RowChoice choice(long seed) {
        return new RowChoice(limit, sample, seed);
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
