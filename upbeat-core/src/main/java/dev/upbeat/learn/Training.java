package dev.upbeat.learn;

import dev.upbeat.io.BadInputException;
import dev.upbeat.learn.config.GrpoConfig;
import dev.upbeat.learn.config.SftConfig;
import dev.upbeat.learn.config.TrainConfig;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One training, from its configuration to its run directory. What is wrong with the configuration is told before anything is
 * written; a run that died goes on from its last checkpoint as if it had not.
 */
public final class Training implements AutoCloseable {
    private final TrainConfig config;
    private final TrainingRun run;
    private final StartModel model;
    private final TrainingLoop loop;
    private final RunKeeper keeper;
    private final TrainingListener listener;
    private final long done;

    private Training(
            TrainConfig config,
            TrainingRun run,
            StartModel model,
            TrainingLoop loop,
            RunKeeper keeper,
            TrainingListener listener,
            long done) {
        this.config = config;
        this.run = run;
        this.model = model;
        this.loop = loop;
        this.keeper = keeper;
        this.listener = listener;
        this.done = done;
    }

    /**
     * How a training ended.
     *
     * @param steps done
     * @param interrupted whether it was told to stop before its last step
     */
    public record Result(long steps, boolean interrupted) {}

    /**
     * Checks everything and takes the run directory.
     *
     * @param resume whether a run that is in the directory is continued; one is begun where there is none
     * @param threads 0 for the default, or for the run's own where it is continued
     * @throws BadInputException where the configuration does not fit the model, or the directory is taken
     */
    public static Training open(TrainConfig config, boolean resume, int threads, TrainingListener listener)
            throws IOException {
        boolean continues = resume && TrainingRun.isBegun(config.out());
        if (!continues) {
            TrainingRun.requireFree(config.out());
        }
        try (Unless opened = new Unless()) {
            TrainingRun run = continues ? opened.closes(resumed(config)) : null;
            Path checkpoint = run == null ? null : lastCheckpoint(run);
            RunState state = checkpoint == null ? null : RunState.read(checkpoint.resolve(RunState.DIRECTORY));
            Libtorch.start(threads == 0 && state != null ? state.threads() : threads);
            if (state != null) {
                state.warnWhereItDiffers(listener);
            }
            StartModel model = opened.closes(StartModel.open(config, checkpoint, state, listener));
        }
        throw new IllegalStateException();
    }
}
