package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes the directory of an evaluation: {@code config.yaml}, {@code provenance.json} and {@code eval.jsonl}. It
 * appears complete or not at all; closing an unfinished one deletes it.
 */
public final class EvalWriter implements AutoCloseable {
    private final StagedDirectory directory;
    private final UnfinishedResult unfinished;

    private EvalWriter(StagedDirectory directory) {
        this.directory = directory;
        this.unfinished = new UnfinishedResult("evaluation", directory::close);
    }

    /**
     * Reserves the target directory.
     *
     * @param force whether the finished evaluation replaces an existing run
     * @throws BadInputException if the target is taken or cannot be written
     */
    public static EvalWriter create(Path target, boolean force) throws IOException {
        return new EvalWriter(new StagedDirectory(target, force ? KnownEntries.RUN : null));
    }

    /**
     * Writes everything and moves it into place.
     *
     * @param config every option, resolved
     * @return the target directory
     */
    public Path write(Map<String, ?> config, Provenance provenance, List<EvalRow> rows) throws IOException {
        return unfinished.write(() -> {
            Path staged = directory.path();
            RunFiles.writeConfig(staged, config);
            RunFiles.writeProvenance(staged, provenance);
            AtomicFiles.write(staged.resolve(RunFiles.EVAL), out -> {
                Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                for (EvalRow row : rows) {
                    lines.write(line(row));
                }
                lines.flush();
            });
            return directory.moveIntoPlace();
        });
    }

    /** A line of {@code eval.jsonl}, with its line end. */
    public static String line(EvalRow row) throws IOException {
        return RunFiles.LINE.writeValueAsString(row) + "\n";
    }

    /** Deletes the unfinished evaluation; called from another thread when the process ends. */
    public void abandon() {
        unfinished.abandon();
    }

    @Override
    public void close() throws IOException {
        unfinished.close();
    }
}
