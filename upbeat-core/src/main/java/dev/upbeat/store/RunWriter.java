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
 * Makes a run directory that appears whole or not at all.
 *
 * <pre>{@code
 * try (RunWriter run = RunWriter.create(out, force)) {
 *     run.config(options);
 *     run.provenance(provenance);
 *     run.heads(groups);
 *     for (..) run.add(trace, promptTokens, seen);
 *     writeReport(run.seal());     // a RunDirectory, still hidden; whatever else is put into it goes along
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
     * @param target the directory to be; not there yet, or empty
     * @param force whether a run that is there already is replaced, once this one is finished; files in it that no run
     *     writes are kept
     * @throws BadInputException if the target is taken or cannot be written
     */
    public static RunWriter create(Path target, boolean force) throws IOException {
        return new RunWriter(new StagedDirectory(target, force ? OwnEntries.RUN : null));
    }

    /** {@code config.yaml}: every option, resolved; values that JSON has too. */
    public void config(Map<String, ?> options) throws IOException {
        RunFiles.writeConfig(directory.path(), options);
    }

    /** {@code provenance.json}. */
    public void provenance(Provenance provenance) throws IOException {
        RunFiles.writeProvenance(directory.path(), provenance);
    }

    /** {@code heads.json}. */
    public void heads(HeadGroups groups) throws IOException {
        HeadsFile.write(directory.path().resolve(RunFiles.HEADS), groups);
    }

    /**
     * {@code head_series.parquet}: every head's own series of some traces.
     *
     * @param traces by the traces' ids, in the order of the file
     */
    public void headSeries(Map<String, List<HeadRhythm>> traces) throws IOException {
        HeadSeriesParquet.write(directory.path().resolve(RunFiles.HEAD_SERIES), traces);
    }

    /**
     * A row of {@code traces.parquet}; it need not stay in memory afterwards. The first row's further columns are those
     * of all.
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
     * Ends the traces and gives the directory to be read, for a report say.
     *
     * @throws IllegalStateException if there is no trace, or a piece has not been written
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
     * Moves the run into its place, sealing it where it is not yet.
     *
     * @return the place
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
