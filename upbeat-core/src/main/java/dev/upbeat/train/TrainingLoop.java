package dev.upbeat.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The steps of a training. */
interface TrainingLoop {
    /**
     * Trains until all steps are done, or until it is told to stop, which it does between two steps.
     *
     * @param done steps done before
     * @param steps in all
     * @return steps done now
     */
    long train(long done, long steps, BooleanSupplier stop) throws IOException;

    /**
     * What ends a training whose numbers are none.
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

    /** Goes on, bit by bit, from what a checkpoint holds beside the model. */
    void load(Path directory) throws IOException;
}
