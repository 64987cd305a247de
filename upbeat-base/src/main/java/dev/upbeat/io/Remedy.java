package dev.upbeat.io;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The last sentence of a message about a damaged file: what to do. */
public final class Remedy {
    private Remedy() {}

    /**
     * Returns the remedy of a damaged file. A file of a training's checkpoint was written here, so it cannot be
     * fetched.
     *
     * @param file a model's file, or one in {@code trainer/} of a checkpoint
     * @param fetch the remedy of a file that was downloaded
     */
    public static String ofDamaged(Path file, String fetch) {
        Path checkpoint = checkpoint(file.toAbsolutePath().normalize());
        return checkpoint == null
                ? fetch
                : "Restore " + checkpoint
                        + " from a copy, or delete it: --resume then continues from the run's checkpoint"
                        + " before it.";
    }

    /** The checkpoint-N of a training that a file belongs to; null for another file. */
    private static @Nullable Path checkpoint(Path file) {
        for (Path directory = file.getParent(); directory != null; directory = directory.getParent()) {
            Path name = directory.getFileName();
            if (name != null
                    && name.toString().matches("checkpoint-\\d{1,18}")
                    && Files.isDirectory(directory.resolve("trainer"))) {
                return directory;
            }
        }
        return null;
    }
}
