package dev.upbeat.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The steps of a training. */
interface TrainingLoop {
    /**
     * Trains until all steps are done, or stops between two steps.
     *
     * @param done steps done before
     * @param steps in all
     * @return steps done now
     */
    long train(long done, long steps, BooleanSupplier stop) throws IOException;

    /**
     * The exception that ends a training with a loss or gradient that is not finite.
     *
     * @param step that diverged, from 1
     * @param traces the file of its traces
     */
    static IllegalStateException diverged(long step, RuntimeException reason, Path traces) {
        return new IllegalStateException(
                "step " + step + " diverged: " + reason.getMessage() + " Its traces are in " + traces
                        + "; checkpoints before it are whole.",
                reason);
    }

    /** Restores the training state of a checkpoint, to continue bit for bit. */
    void load(Path directory) throws IOException;
}
