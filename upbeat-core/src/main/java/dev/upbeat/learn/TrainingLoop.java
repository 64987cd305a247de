package dev.upbeat.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The steps of a training, and what they need to go on after a pause. */
interface TrainingLoop extends AutoCloseable {
    /**
     * Trains until all steps are done, or until it is told to stop, which it does between two steps.
     *
     * @param done steps done before
     * @param steps in all
     * @return steps done now
     */
    long train(long done, long steps, BooleanSupplier stop) throws IOException;

    /** Writes what is needed, beside the model, to go on bit by bit. */
    void save(Path directory) throws IOException;

    /** Goes on from what was written. */
    void load(Path directory) throws IOException;

    @Override
    void close();
}
