package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a training while it runs. It appears with {@code config.yaml} and {@code provenance.json}. Metrics, traces
 * and checkpoints are added step by step. After a crash it is cut back to its last checkpoint and continues from there. One
 * process at a time can hold it.
 */
public final class TrainingRun implements AutoCloseable {
    private final Path directory;
    private final WriterLock lock;
    private final MetricsFile metrics;
    private final MetricsFile evaluations;
    private final CheckpointFiles checkpoints;

    private TrainingRun(Path given) throws IOException {
        this.directory = Files.isSymbolicLink(given) ? given.toRealPath() : given;
        KnownEntries.RUN.requireOwnKinds(directory);
        this.lock = WriterLock.hold(
                directory, "another process is training in it; wait until it ends, or stop it, before resuming");
        this.metrics = new MetricsFile(directory.resolve(RunFiles.METRICS), true);
        this.evaluations = new MetricsFile(directory.resolve(RunFiles.EVAL), false);
        this.checkpoints = new CheckpointFiles(directory);
    }

    /** Whether a run was begun there. */
    public static boolean isBegun(Path directory) {
        return Files.isRegularFile(directory.resolve(RunFiles.CONFIG));
    }

    /** The last step of a directory that has a checkpoint; empty if it has none. */
    public static Optional<Long> latestCheckpoint(Path directory) throws IOException {
        return new CheckpointFiles(directory).latest();
    }

    /**
     * Rejects a directory that a new run cannot use.
     *
     * @throws BadInputException if it is a file, or a directory that is not empty
     */
    public static void requireFree(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": is a file; expected an empty or new directory");
        }
        if (Files.isDirectory(directory) && !list(directory, name -> true).isEmpty()) {
            throw new BadInputException(
                    directory + ": is not empty; " + remedy(directory) + "choose another directory (out=DIR)");
        }
    }

    private static String remedy(Path directory) {
        if (isBegun(directory)) {
            return "continue the run in it with --resume, or ";
        }
        return Files.exists(directory.resolve(RunFiles.METRICS))
                ? "the run in it has lost its " + RunFiles.CONFIG + ": put that file back to resume it, or "
                : "";
    }

    /**
     * Reserves the place of a new run before its work begins.
     *
     * @throws BadInputException if the place is taken, another process is taking it, or it cannot be written
     */
    public static StagedDirectory reserve(Path directory) throws IOException {
        requireFree(directory);
        return new StagedDirectory(directory, null);
    }

    /**
     * @param place from {@link #reserve}; it is closed
     * @param config every key, resolved, sections as maps
     */
    public static TrainingRun begin(StagedDirectory place, Map<String, Object> config, Provenance provenance)
            throws IOException {
        try (place) {
            RunFiles.writeConfig(place.path(), config);
            RunFiles.writeProvenance(place.path(), provenance);
            return new TrainingRun(place.moveIntoPlace());
        }
    }

    /** Deletes a run that began and was then rejected; it must be closed. */
    public static void discard(Path directory) throws IOException {
        KnownEntries.RUN.deleteAll(directory);
    }

    /** Deletes the directory of a probe whose process was killed. */
    public static void discardProbe(Path directory) throws IOException {
        if (!Files.isSymbolicLink(directory)) {
            KnownEntries.PROBE.deleteAll(directory);
        }
    }

    /**
     * Opens a run at its last checkpoint. Nothing is changed before {@link #cutBack}.
     *
     * @param config every key, resolved; equal to the run's own except for the keys that may differ
     * @param usual defaults by path, for keys that the run's version did not know yet
     * @param mayDiffer whether a key, with its sections, may have another value now
     * @throws BadInputException if another process holds the run, another key differs, or a file that the run continues is
     *     damaged or missing
     */
    public static TrainingRun resume(
            Path directory, Map<String, Object> config, Map<String, Object> usual, Predicate<String> mayDiffer)
            throws IOException {
        TrainingRun run = new TrainingRun(directory);
        try {
            requireSame(directory, config, usual, mayDiffer);
            run.provenance();
            long step = run.lastEvaluated();
            run.metrics.requireUpTo(step);
            run.evaluations.requireUpTo(step);
            return run;
        } catch (IOException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /**
     * Checks that a configuration equals the one of a run that was begun.
     *
     * @throws BadInputException as {@link #resume}, if a key differs
     */
    public static void requireSame(
            Path directory, Map<String, Object> config, Map<String, Object> usual, Predicate<String> mayDiffer) {
        JsonNode before = RunFiles.read(directory.resolve(RunFiles.CONFIG), TrainingRun::config);
        ConfigDifference.refuse(directory, before, RunFiles.YAML.valueToTree(config), usual, mayDiffer);
    }

    private static @Nullable JsonNode config(Path file) throws IOException {
        JsonNode config = RunFiles.YAML.readTree(Files.readString(file));
        return config.isObject() ? config : null;
    }

    private Provenance provenance() {
        Path file = directory.resolve(RunFiles.PROVENANCE);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(directory + ": has no " + RunFiles.PROVENANCE
                    + ", the record of the run's inputs; restore it from a copy, or start a new run (out=DIR)");
        }
        return RunFiles.provenance(file);
    }

    /** Step of the last checkpoint; -1 if there is none, so that nothing is kept. */
    private long lastCheckpoint() throws IOException {
        return checkpoints.latest().orElse(-1L);
    }

    /** The last step with a line in metrics.jsonl: the step before the last checkpoint if that is not evaluated yet. */
    private long lastEvaluated() throws IOException {
        long step = lastCheckpoint();
        return step >= 0 && checkpoints.isUnevaluated(step) ? step - 1 : step;
    }

    /**
     * Continues a resumed run: deletes what was written after its last checkpoint.
     *
     * @param config as it was resumed with
     */
    public void cutBack(Map<String, Object> config) throws IOException {
        RunFiles.writeConfig(directory, config);
        long step = lastCheckpoint();
        KnownEntries.RUN.delete(directory, name -> KnownEntries.isUnfinished(name) || isLater(name, step));
        metrics.cutBack(lastEvaluated());
        evaluations.cutBack(lastEvaluated());
    }

    /** Whether a file holds traces of a later step or of a failed one. */
    private static boolean isLater(String name, long step) {
        String steps = RunFiles.STEPS + "/";
        return name.startsWith("failed-step-")
                || (name.startsWith(steps)
                        && RunFiles.isOfAStep(name.substring(steps.length()))
                        && RunFiles.step(name) > step);
    }

    static List<Path> list(Path directory, Predicate<String> names) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> names.test(entry.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /** The directory. */
    public Path path() {
        return directory;
    }

    /** The run's checkpoints. */
    public CheckpointFiles checkpoints() {
        return checkpoints;
    }

    /** {@code metrics.jsonl}, one line per step. */
    public MetricsFile metrics() {
        return metrics;
    }

    /** {@code eval.jsonl}, one line per evaluated problem. */
    public MetricsFile evaluations() {
        return evaluations;
    }

    /** {@code judgements.jsonl}: a judge's judgements, which a resumed run keeps. */
    public Path judgements() {
        return directory.resolve(RunFiles.JUDGEMENTS);
    }

    /**
     * Writes {@code traces/step-000010.parquet}.
     *
     * @param traces at least one, all of the step
     */
    public void traces(long step, List<RunRow> traces) throws IOException {
        Path steps = directory.resolve(RunFiles.STEPS);
        EntryKind.requireDirectory(steps);
        Files.createDirectories(steps);
        write(steps.resolve("step-%06d.parquet".formatted(step)), traces);
    }

    /**
     * Adds traces of the initial weights, as step 0, to a run that no process holds.
     *
     * @param traces at least one
     * @throws BadInputException if another process holds the run
     */
    public static void addTracesOfTheStart(Path directory, List<RunRow> traces) throws IOException {
        try (TrainingRun run = new TrainingRun(directory)) {
            run.traces(0, traces);
        }
    }

    /**
     * Writes the traces of a step that failed.
     *
     * @return the file
     */
    public Path failed(long step, List<RunRow> traces) throws IOException {
        Path file = directory.resolve("failed-step-%06d.parquet".formatted(step));
        write(file, traces);
        return file;
    }

    /**
     * Writes the traces of a step that failed before they were observed: a traces file, JSON lines.
     *
     * @return the file
     */
    public Path failedTraces(long step, List<Trace> traces) throws IOException {
        Path file = directory.resolve("failed-step-%06d.jsonl".formatted(step));
        StringBuilder lines = new StringBuilder();
        for (Trace trace : traces) {
            lines.append(RunFiles.LINE.writeValueAsString(new TreeMap<>(Map.of(
                            "id", trace.id(), "prompt_ids", trace.promptIds(), "response_ids", trace.responseIds()))))
                    .append('\n');
        }
        AtomicFiles.writeString(file, lines.toString());
        return file;
    }

    /**
     * Rejects a model or data file that has changed since the run began.
     *
     * @param what {@code model} or {@code data}, as in provenance.json
     * @param now hash of the present file
     */
    public void requireSame(String what, FileHash now) {
        FileHash before =
                what.equals("data") ? provenance().data() : provenance().model();
        if (before != null && !before.sha256().equals(now.sha256())) {
            throw new BadInputException(
                    directory + ": was started with other " + what + ": " + now.name() + " has sha256 "
                            + now.sha256() + " now, and had " + before.sha256()
                            + "; restore the old file, or start a new run (out=DIR)");
        }
    }

    private static void write(Path file, List<RunRow> rows) throws IOException {
        Set<String> further = rows.get(0).seen().columns().keySet();
        try (TraceParquet parquet = new TraceParquet(file, TraceParquet.TOKENS_A_PART, further)) {
            for (RunRow row : rows) {
                parquet.add(row);
            }
            parquet.finish();
        }
    }

    /** Writes {@code heads.json}: the head groups in use. */
    public void heads(HeadGroups groups) throws IOException {
        HeadsFile.write(directory.resolve(RunFiles.HEADS), groups);
    }

    @Override
    public void close() throws IOException {
        try (lock;
                metrics;
                evaluations) {
            // closed in this order, the lock last
        }
    }
}
