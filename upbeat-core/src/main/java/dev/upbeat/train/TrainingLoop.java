package dev.upbeat.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Runs the steps of a training. */
interface TrainingLoop {
    /**
     * Trains until all steps are done, or stops between two steps.
     *
     * @param done number of steps that were done before this call
     * @param steps number of steps of the whole training
     * @param stop asked before each step whether to stop
     * @return number of steps done, including those before this call
     */
    long train(long done, long steps, BooleanSupplier stop) throws IOException;

    /**
     * The exception that ends a training with a loss or gradient that is not finite.
     *
     * @param step number of the step that diverged, from 1
     * @param traces file with the traces of the step
     */
    static IllegalStateException diverged(long step, RuntimeException reason, Path traces) {
        return new IllegalStateException(
                "step " + step + " diverged: " + reason.getMessage() + " Its traces are in " + traces
                        + "; earlier checkpoints are intact.",
                reason);
    }
}
