package dev.upbeat.store;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The {@code checkpoint-N} directories of a run: each is complete or absent. */
public final class CheckpointFiles {
    private static final String PREFIX = "checkpoint-";

    /** In a checkpoint whose evaluation was stopped: the line of metrics.jsonl without the accuracies. */
    private static final String UNEVALUATED = "trainer/unevaluated.json";

    private static final JsonMapper LINE = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

    private final Path directory;

    CheckpointFiles(Path directory) {
        this.directory = directory;
    }

    /** Fills a directory that becomes a checkpoint. */
    @FunctionalInterface
    public interface Filler {
        void fill(Path directory) throws IOException;
    }

    /** Steps that have a checkpoint, ascending. */
    public List<Long> steps() throws IOException {
        return TrainingRun.list(directory, name -> name.matches(PREFIX + "\\d{1,18}")).stream()
                .filter(checkpoint -> Files.isDirectory(checkpoint, LinkOption.NOFOLLOW_LINKS))
                .map(CheckpointFiles::step)
                .sorted()
                .toList();
    }

    /** The step that a checkpoint's directory is named after. */
    public static long step(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }

    /** The last step that has a checkpoint. */
    public Optional<Long> latest() throws IOException {
        List<Long> steps = steps();
        return steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
    }

    /** The last checkpoint's directory, null if there is none. */
    public @Nullable Path latestPath() throws IOException {
        return latest().map(this::path).orElse(null);
    }

    public Path path(long step) {
        return directory.resolve(PREFIX + step);
    }

    /** Writes a checkpoint under a temporary name and renames it. An existing checkpoint is left unchanged. */
    public void write(long step, Filler filler) throws IOException {
        EntryKind.requireDirectory(path(step));
        if (Files.exists(path(step))) {
            return;
        }
        try (StagedDirectory staged = new StagedDirectory(path(step), null)) {
            filler.fill(staged.path());
            staged.moveIntoPlace();
        }
    }

    /**
     * Marks a checkpoint as one whose step is not evaluated yet and has no line in metrics.jsonl.
     *
     * @param directory of the checkpoint
     * @param line of the step
     */
    public static void writeUnevaluated(Path directory, Map<String, ?> line) throws IOException {
        AtomicFiles.writeString(directory.resolve(UNEVALUATED), MetricsFile.line(line));
    }

    /** Whether the checkpoint of a step lacks its evaluation. */
    public boolean isUnevaluated(long step) {
        return Files.exists(path(step).resolve(UNEVALUATED), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The line of the last checkpoint's step without its evaluation; null if nothing is left to evaluate.
     *
     * @throws BadInputException if it is damaged
     */
    public @Nullable Map<String, Object> unevaluated() throws IOException {
        Optional<Long> step = latest();
        if (step.isEmpty() || !isUnevaluated(step.get())) {
            return null;
        }
        Path file = path(step.get()).resolve(UNEVALUATED);
        Map<String, Object> line = RunFiles.read(file, read -> LINE.readValue(Files.readString(read), VALUES));
        if (!step.get().equals(line.get("step"))) {
            throw new BadInputException(file + ": has step " + line.get("step") + "; expected " + step.get()
                    + ". Delete " + path(step.get()) + ", so that --resume continues from the checkpoint before it");
        }
        return line;
    }

    /** Removes the mark of {@link #writeUnevaluated}. */
    public void evaluated(long step) throws IOException {
        Files.deleteIfExists(path(step).resolve(UNEVALUATED));
    }

    /**
     * Deletes all other checkpoints. Each is renamed to a hidden name first, so that no partial checkpoint is ever visible. A
     * checkpoint that contains a file of the user is kept.
     */
    public void keepOnly(Set<Long> steps) throws IOException {
        for (long step : new TreeSet<>(steps())) {
            if (!steps.contains(step) && KnownEntries.RUN.isWhollyOwn(directory, path(step))) {
                String old = "." + PREFIX + step + "." + AtomicFiles.unique() + ".old";
                Files.move(path(step), directory.resolve(old), StandardCopyOption.ATOMIC_MOVE);
                KnownEntries.RUN.delete(directory, old::equals);
            }
        }
    }
}
