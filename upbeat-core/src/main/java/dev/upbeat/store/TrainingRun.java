package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a training, while it runs. It appears with {@code config.yaml} and {@code provenance.json}; metrics, traces
 * and checkpoints are added step by step; after a crash it is cut back to its last checkpoint and goes on from there. One
 * process at a time can hold it.
 */
public final class TrainingRun implements AutoCloseable {
    static final String LOCK = ".lock";

    private final Path directory;
    private final FileChannel lock;
    private final MetricsFile metrics;
    private final MetricsFile evaluations;
    private final CheckpointFiles checkpoints;

    private TrainingRun(Path given) throws IOException {
        this.directory = Files.isSymbolicLink(given) ? given.toRealPath() : given;
        OwnEntries.RUN.requireOwnKinds(directory);
        this.lock = lock(directory);
        this.metrics = new MetricsFile(directory.resolve(RunFiles.METRICS), true);
        this.evaluations = new MetricsFile(directory.resolve(RunFiles.EVAL), false);
        this.checkpoints = new CheckpointFiles(directory);
    }

    /** Whether a run was begun there. */
    public static boolean isBegun(Path directory) {
        return Files.isRegularFile(directory.resolve(RunFiles.CONFIG));
    }

    /** Whether another process holds the run in a directory. */
    public static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        OwnEntries.requireFile(file);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /**
     * Refuses a place that a new run cannot have.
     *
     * @throws BadInputException where it is a file, or a directory that is not empty
     */
    public static void requireFree(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": is a file; expected a directory that is empty or not there yet");
        }
        if (Files.isDirectory(directory) && !list(directory, name -> true).isEmpty()) {
            throw new BadInputException(directory + ": is not empty; "
                    + (isBegun(directory)
                            ? "continue the run in it with --resume, or choose another directory (out=DIR)"
                            : "choose another directory (out=DIR)"));
        }
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

    /** Deletes a run that was begun and has to be refused after all; it must be closed. */
    public static void discard(Path directory) throws IOException {
        OwnEntries.RUN.deleteAll(directory);
    }

    /** Deletes the directory of a probe whose process was killed. */
    public static void discardProbe(Path directory) throws IOException {
        if (!Files.isSymbolicLink(directory)) {
            OwnEntries.PROBE.deleteAll(directory);
        }
    }

    /**
     * Takes up a run at its last checkpoint. Nothing is changed before {@link #cutBack}.
     *
     * @param config every key, resolved; the run's own but for the keys that may differ
     * @param mayDiffer whether a key, with its sections, may have another value now
     * @throws BadInputException where another process holds the run, another key differs, or a file that the run goes on
     *     with is damaged or not there
     */
    public static TrainingRun resume(Path directory, Map<String, Object> config, Predicate<String> mayDiffer)
            throws IOException {
        TrainingRun run = new TrainingRun(directory);
        try {
            JsonNode before = RunFiles.read(directory.resolve(RunFiles.CONFIG), TrainingRun::config);
            ConfigDifference.refuse(directory, before, RunFiles.YAML.valueToTree(config), mayDiffer);
            run.provenance();
            long step = run.lastCheckpoint();
            run.metrics.requireUpTo(step);
            run.evaluations.requireUpTo(step);
            return run;
        } catch (IOException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private static @Nullable JsonNode config(Path file) throws IOException {
        JsonNode config = RunFiles.YAML.readTree(Files.readString(file));
        return config.isObject() ? config : null;
    }

    private Provenance provenance() {
        Path file = directory.resolve(RunFiles.PROVENANCE);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(
                    directory + ": has no " + RunFiles.PROVENANCE
                            + ", which says what the run was begun with; put it back from a copy, or begin a new run (out=DIR)");
        }
        return RunFiles.provenance(file);
    }

    /** Step of the last checkpoint; without one -1: nothing stays. */
    private long lastCheckpoint() throws IOException {
        return checkpoints.latest().orElse(-1L);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // held by this process: the same answer
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new BadInputException(
                directory + ": another process trains in it; wait for its end, or stop it, before resuming");
    }

    /**
     * Lets a run that was taken up go on: what was written after its last checkpoint is deleted.
     *
     * @param config as it was taken up with
     */
    public void cutBack(Map<String, Object> config) throws IOException {
        RunFiles.writeConfig(directory, config);
        long step = lastCheckpoint();
        OwnEntries.RUN.delete(directory, name -> OwnEntries.isUnfinished(name) || isLater(name, step));
        metrics.cutBack(step);
        evaluations.cutBack(step);
    }

    /** Traces of later steps and of failed ones. */
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

    /** Steps that have a checkpoint, ascending. */
    public CheckpointFiles checkpoints() {
        return checkpoints;
    }

    /** {@code metrics.jsonl}, a line a step. */
    public MetricsFile metrics() {
        return metrics;
    }

    /** {@code eval.jsonl}, a line an answer. */
    public MetricsFile evaluations() {
        return evaluations;
    }

    /**
     * {@code traces/step-000010.parquet}.
     *
     * @param traces at least one, all of the step
     */
    public void traces(long step, List<PlacedTrace> traces) throws IOException {
        Path steps = directory.resolve(RunFiles.STEPS);
        OwnEntries.requireDirectory(steps);
        Files.createDirectories(steps);
        write(steps.resolve("step-%06d.parquet".formatted(step)), traces);
    }

    /**
     * Adds to a run that nobody holds what the weights wrote that it began with: step 0.
     *
     * @param traces at least one
     * @throws BadInputException where another process holds the run
     */
    public static void addTracesOfTheStart(Path directory, List<PlacedTrace> traces) throws IOException {
        try (TrainingRun run = new TrainingRun(directory)) {
            run.traces(0, traces);
        }
    }

    /**
     * The traces that a training failed on, beside the others.
     *
     * @return the file
     */
    public Path failed(long step, List<PlacedTrace> traces) throws IOException {
        Path file = directory.resolve("failed-step-%06d.parquet".formatted(step));
        write(file, traces);
        return file;
    }

    /**
     * The traces that a training failed on before anything was seen of them: a traces file, JSON lines.
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
     * Refuses to go on with other bytes than the run was begun with.
     *
     * @param what {@code model} or {@code data}, as in provenance.json
     * @param now what it has now
     */
    public void requireSame(String what, FileHash now) {
        FileHash before =
                what.equals("data") ? provenance().data() : provenance().model();
        if (before != null && !before.sha256().equals(now.sha256())) {
            throw new BadInputException(
                    directory + ": was begun with other " + what + ": " + now.name() + " has sha256 "
                            + now.sha256() + " now, and had " + before.sha256()
                            + "; put the old file back, or begin a new run (out=DIR)");
        }
    }

    private static void write(Path file, List<PlacedTrace> traces) throws IOException {
        Set<String> further = traces.get(0).seen().columns().keySet();
        try (TraceParquet parquet = new TraceParquet(file, TraceParquet.TOKENS_A_PART, further)) {
            for (PlacedTrace trace : traces) {
                parquet.add(trace.trace(), trace.promptTokens(), trace.seen(), trace.place());
            }
            parquet.finish();
        }
    }

    /**
     * A trace of a step.
     *
     * @param promptTokens text of each prompt token, [P]; null without a tokenizer
     * @param seen with {@code gamma} among its further columns where it was trained on
     */
    public record PlacedTrace(
            Trace trace, @Nullable List<String> promptTokens, Observation seen, TrainingPlace place) {}

    /** {@code heads.json}: the head groups in use. */
    public void heads(HeadGroups groups) throws IOException {
        HeadsFile.write(directory.resolve(RunFiles.HEADS), groups);
    }

    @Override
    public void close() throws IOException {
        try (lock;
                metrics;
                evaluations) {
            // closed in turn, the lock at last
        }
    }
}
