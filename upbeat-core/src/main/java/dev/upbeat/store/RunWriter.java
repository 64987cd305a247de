package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run directory, which appears complete or not at all.
 *
 * <pre>{@code
 * try (RunWriter run = RunWriter.create(out, force)) {
 *     run.config(options);
 *     run.provenance(provenance);
 *     run.heads(groups);
 *     for (..) run.add(trace, promptTokens, seen);
 *     writeReport(run.seal());     // a RunDirectory, still hidden; files added to it are kept
 *     run.finish();
 * }
 * }</pre>
 *
 * Closing a run that is not finished deletes it. Not for use by several threads at once.
 */
public final class RunWriter implements AutoCloseable {
    private final StagedDirectory directory;
    private final Set<String> ids = new HashSet<>();
    private @Nullable TraceParquet traces;
    private @Nullable RunDirectory sealed;

    private RunWriter(StagedDirectory directory) {
        this.directory = directory;
    }

    /**
     * @param target the final directory; absent or empty, unless a run is replaced
     * @param force whether the finished run replaces an existing one; the user's own files there are kept
     * @throws BadInputException if the target is taken or cannot be written
     */
    public static RunWriter create(Path target, boolean force) throws IOException {
        return new RunWriter(new StagedDirectory(target, force ? KnownEntries.RUN : null));
    }

    /** Writes {@code config.yaml}: every option, resolved; values are of JSON's types. */
    public void config(Map<String, ?> options) throws IOException {
        RunFiles.writeConfig(directory.path(), options);
    }

    /** Writes {@code provenance.json}. */
    public void provenance(Provenance provenance) throws IOException {
        RunFiles.writeProvenance(directory.path(), provenance);
    }

    /** Writes {@code heads.json}. */
    public void heads(HeadGroups groups) throws IOException {
        HeadsFile.write(directory.path().resolve(RunFiles.HEADS), groups);
    }

    /**
     * Writes {@code head_series.parquet}: the series of every head for some traces.
     *
     * @param traces by the traces' ids, in the order of the file
     */
    public void headSeries(Map<String, List<HeadRhythm>> traces) throws IOException {
        HeadSeriesParquet.write(directory.path().resolve(RunFiles.HEAD_SERIES), traces);
    }

    /**
     * Adds a row to {@code traces.parquet}; it is not kept in memory. All rows must have the further columns of the
     * first.
     *
     * @param promptTokens text of each prompt token, [P]; null without a tokenizer
     * @throws IllegalArgumentException if the pieces do not fit each other or the id was added before
     */
    public void add(Trace trace, @Nullable List<String> promptTokens, Observation seen) throws IOException {
        if (sealed != null) {
            throw new IllegalStateException("the run is sealed: trace " + trace.id() + " comes too late");
        }
        if (seen.logProbs().length != trace.responseIds().length) {
            throw new IllegalArgumentException("trace " + trace.id() + ": " + seen.logProbs().length
                    + " values seen of " + trace.responseIds().length + " response tokens");
        }
        if (promptTokens != null && promptTokens.size() != trace.promptIds().length) {
            throw new IllegalArgumentException("trace " + trace.id() + ": " + promptTokens.size() + " token texts for "
                    + trace.promptIds().length + " prompt ids");
        }
        if (!ids.add(trace.id())) {
            throw new IllegalArgumentException("trace " + trace.id() + " was added before");
        }
        if (traces == null) {
            traces = new TraceParquet(
                    directory.path().resolve(RunFiles.TRACES),
                    TraceParquet.TOKENS_A_PART,
                    seen.columns().keySet());
        }
        traces.add(new RunRow(trace, promptTokens, seen));
    }

    /**
     * Completes the traces and returns the directory for reading, for example by a report.
     *
     * @throws IllegalStateException if there is no trace, or a file has not been written
     */
    public RunDirectory seal() throws IOException {
        if (sealed != null) {
            return sealed;
        }
        if (traces == null) {
            throw new IllegalStateException("a run needs at least one trace");
        }
        traces.finish();
        closeTraces();
        try {
            sealed = RunDirectory.open(directory.path());
        } catch (BadInputException e) {
            throw new IllegalStateException("the run is not whole: " + e.getMessage(), e);
        }
        return sealed;
    }

    /**
     * Moves the run into its final place; seals it first if necessary.
     *
     * @return the final place
     */
    public Path finish() throws IOException {
        seal();
        return directory.moveIntoPlace();
    }

    private void closeTraces() throws IOException {
        if (traces != null) {
            traces.close();
            traces = null;
        }
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            closeTraces();
        }
    }
}
