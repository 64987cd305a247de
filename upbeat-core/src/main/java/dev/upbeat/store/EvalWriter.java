package dev.upbeat.store;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the directory of an evaluation, {@code config.yaml}, {@code provenance.json} and {@code eval.jsonl}, which appears
 * whole or not at all. Closing one that is not finished deletes it.
 */
public final class EvalWriter implements AutoCloseable {
    private static final ObjectWriter LINE = RunFiles.JSON.writer().without(SerializationFeature.INDENT_OUTPUT);

    private final StagedDirectory directory;

    /** Held by whoever changes files. */
    private final ReentrantLock files = new ReentrantLock();

    private EvalWriter(StagedDirectory directory) {
        this.directory = directory;
    }

    /**
     * Takes the place.
     *
     * @param force whether a run that is there already is replaced, once this one is finished
     * @throws BadInputException where the target is taken or cannot be written
     */
    public static EvalWriter create(Path target, boolean force) throws IOException {
        return new EvalWriter(new StagedDirectory(target, force ? OwnEntries.RUN : null));
    }

    /**
     * Writes everything and moves it into place.
     *
     * @param config every option, resolved
     * @return the place
     */
    public Path write(Map<String, ?> config, Provenance provenance, List<EvalRow> rows) throws IOException {
        files.lock();
        try {
            Path staged = directory.path();
            AtomicFiles.writeString(staged.resolve(RunFiles.CONFIG), RunFiles.YAML.writeValueAsString(config));
            AtomicFiles.writeString(
                    staged.resolve(RunFiles.PROVENANCE), RunFiles.JSON.writeValueAsString(provenance) + "\n");
            AtomicFiles.write(staged.resolve(RunFiles.EVAL), out -> {
                Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                for (EvalRow row : rows) {
                    lines.write(line(row));
                }
                lines.flush();
            });
            return directory.moveIntoPlace();
        } finally {
            files.unlock();
        }
    }

    /** A line of {@code eval.jsonl}, its end included. */
    public static String line(EvalRow row) throws IOException {
        return LINE.writeValueAsString(row) + "\n";
    }

    /** Gives up, from another thread, because the process ends: nothing is written any more. */
    public void abandon() {
        files.lock(); // for good
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the unfinished evaluation: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        files.lock();
        try {
            directory.close();
        } finally {
            files.unlock();
        }
    }
}
