package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The {@code checkpoint-N} directories of a run: each is complete or absent. */
public final class CheckpointFiles {
    private static final String PREFIX = "checkpoint-";

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
