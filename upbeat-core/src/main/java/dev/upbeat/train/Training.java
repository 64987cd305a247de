package dev.upbeat.train;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.StagedDirectory;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.KernelChoice;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.LoraConfig;
import dev.upbeat.train.config.SftConfig;
import dev.upbeat.train.config.TaskConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One training, from its configuration to its run directory. Errors in the configuration are reported before anything
 * is computed. A run that was killed continues from its last checkpoint as if it had not been killed.
 *
 * <pre>{@code
 * TrainConfig config = TrainConfig.read(Path.of("examples/countdown-coupled.yaml"), List.of());
 * try (Training training = Training.open(config, Training.Options.DEFAULT, listener)) {
 *     training.run(() -> false);
 * }
 * }</pre>
 */
public final class Training implements AutoCloseable {
    private final TrainConfig config;
    private final Resources resources;
    private final TrainingListener listener;
    private final Assembly.Parts parts;
    private final TrainingRun run;
    private final boolean begun;
    private final long done;

    private Training(
            TrainConfig config,
            Resources resources,
            TrainingListener listener,
            Assembly.Parts parts,
            TrainingRun run,
            boolean begun,
            long done) {
        this.config = config;
        this.resources = resources;
        this.listener = listener;
        this.parts = parts;
        this.run = run;
        this.begun = begun;
        this.done = done;
    }

    /**
     * @param resume whether a run in the directory is continued; if there is none, a new one begins
     * @param threads number of threads; 0 for the default, or for the number of the continued run
     * @param download receives the progress of a model's download
     */
    public record Options(boolean resume, int threads, DownloadProgress download) {
        public static final Options DEFAULT = new Options(false, 0, (file, bytes, total) -> {});
    }

    /**
     * How a training ended.
     *
     * @param steps number of steps done
     * @param interrupted whether it stopped before its last step
     */
    public record Result(long steps, boolean interrupted) {}

    /**
     * Checks the configuration, creates or continues the run directory, and loads the model.
     *
     * @throws BadInputException if the configuration does not fit the model, or the directory is taken
     */
    public static Training open(TrainConfig config, Options options, TrainingListener listener) throws IOException {
        return open(config, options, listener, reserve(config, options));
    }

    /**
     * Reserves the place of the run directory, which {@link #open} needs for a new run.
     *
     * @return null if a run is continued
     * @throws BadInputException if the place is taken
     */
    public static @Nullable StagedDirectory reserve(TrainConfig config, Options options) throws IOException {
        boolean continues = options.resume() && TrainingRun.isBegun(config.out());
        return continues ? null : TrainingRun.reserve(config.out());
    }

    /**
     * As {@link #open(TrainConfig, Options, TrainingListener)}.
     *
     * @param place from {@link #reserve}; null for a run that is continued
     */
    public static Training open(
            TrainConfig config, Options options, TrainingListener listener, @Nullable StagedDirectory place)
            throws IOException {
        Resources resources = new Resources();
        if (place != null) {
            resources.own(place);
        }
        boolean begun = false;
        try {
            TrainingRun run = place == null
                    ? resources.own(TrainingRun.resume(
                            config.out(), config.resolved(), config.usual(), key -> ResumeRules.mayDiffer(key, config)))
                    : null;
            Path checkpoint = run == null ? null : run.checkpoints().latestPath();
            RunState state = checkpoint == null ? null : RunState.read(checkpoint);
            if (state != null) {
                ResumeRules.requireSteps(config, state.step());
            }
            Libtorch.start(options.threads() == 0 && state != null ? state.threads() : options.threads());
            listener.doing(
                    checkpoint != null
                            ? "resuming from " + checkpoint
                            : config.model() == null ? "making the model" : "loading " + config.modelName());
            if (state != null) {
                KernelChoice.resume(state.chosenKernels());
            }
            StartModel model = resources.own(model(config, checkpoint, state, options));
            if (checkpoint != null && config.lora() != null) { // the checkpoint does not hold the base
                Objects.requireNonNull(run).requireSame("model", model.hash());
            }
            if (state != null) {
                state.compare(RunState.now(state.step(), state.dtype()), listener);
            }
            if (!config.data().isEmpty()) {
                listener.doing("reading "
                        + config.data().values().stream().map(Path::toString).collect(Collectors.joining(", ")));
            }
            TaskConfig asked = config.task();
            TrainingTask task = asked == null ? null : TrainingTask.of(asked, model.encoding(), listener);
            List<HeldOut.Problems> evaluated = task == null
                    ? List.of()
                    : Benchmarks.of(task, model.encoding()).read(config.eval());
            FileHash data = data(config);
            if (run == null) {
                run = resources.own(TrainingRun.begin(
                        Objects.requireNonNull(place), config.resolved(), provenance(config, model, data)));
                begun = true;
            } else {
                if (data != null) {
                    run.requireSame("data", data);
                }
                run.cutBack(config.resolved());
            }
            Assembly assembly = new Assembly(
                    run, model, task == null ? null : task.task(), evaluated, listener, resources, options.download());
            Assembly.Parts parts = config instanceof GrpoConfig grpo
                    ? assembly.grpo(grpo, checkpoint)
                    : assembly.sft((SftConfig) config);
            if (checkpoint != null) {
                parts.gradientStep().load(checkpoint.resolve(RunState.DIRECTORY));
            }
            return new Training(config, resources, listener, parts, run, begun, state == null ? 0 : state.step());
        } catch (IOException | RuntimeException e) {
            resources.close();
            if (begun) { // credit and data are checked only when they are created
                TrainingRun.discard(config.out());
            }
            throw e;
        }
    }

    /** Closes the training. Deletes the run if this training began it and no step was recorded. */
    private void closeAndDiscardIfEmpty() throws IOException {
        boolean empty = begun && run.metrics().read().isEmpty();
        resources.close();
        if (empty) {
            TrainingRun.discard(config.out());
        }
    }

    private static StartModel model(
            TrainConfig config, @Nullable Path checkpoint, @Nullable RunState state, Options options)
            throws IOException {
        TaskConfig task = config.task();
        Map<String, Object> variables = task == null ? Map.of() : task.templateVars();
        Dtype saved = dtype(config.checkpoint().dtype());
        if (config instanceof SftConfig sft && sft.architecture() != null && checkpoint == null) {
            return newModel(sft);
        }
        LoraConfig lora = config.lora();
        if (lora != null) {
            Dtype dtype = state != null ? state.dtype() : dtype(config.dtype());
            return StartModel.withLora(
                    StartFiles.locate(config, options.download()),
                    Objects.requireNonNull(config.modelName()),
                    dtype,
                    LearningSettings.lora(lora),
                    checkpoint,
                    config.seed(),
                    variables,
                    found -> requireFit(config, checkpoint, found));
        }
        String name = checkpoint == null ? Objects.requireNonNull(config.modelName()) : checkpoint.toString();
        ModelFiles files =
                checkpoint == null ? StartFiles.locate(config, options.download()) : new ModelFiles(checkpoint, null);
        Dtype dtype = state != null ? state.dtype() : dtype(config.dtype());
        return StartModel.load(files, name, dtype, saved, variables, found -> requireFit(config, checkpoint, found));
    }

    private static void requireFit(TrainConfig config, @Nullable Path checkpoint, ModelConfig found) {
        ModelCheck.require(config, found);
        if (checkpoint == null && config instanceof GrpoConfig grpo) {
            GivenHeads.require(grpo, found);
        }
    }

    /** Makes a model with random weights. */
    static StartModel newModel(SftConfig config) throws IOException {
        Path tokenizer = config.tokenizer();
        if (tokenizer != null && !Files.isDirectory(tokenizer)) {
            String looked = config.origin().searchPath("tokenizer").looked(tokenizer);
            throw new BadInputException(
                    tokenizer + ": no such directory" + looked + "; expected one with a tokenizer.json");
        }
        TaskConfig task = config.task();
        return NewModel.of(
                Objects.requireNonNull(config.architecture()),
                tokenizer,
                config.seed(),
                dtype(config.checkpoint().dtype()),
                task == null ? Map.of() : task.templateVars(),
                made -> ModelCheck.require(config, made));
    }

    private static @Nullable Dtype dtype(String name) {
        return name.equals("auto") ? null : Dtype.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The data files; null if the task makes its own problems. */
    private static @Nullable FileHash data(TrainConfig config) throws IOException {
        List<Path> files = config.dataFiles();
        return files.isEmpty() ? null : FileHash.of(String.valueOf(files.get(0).getFileName()), files);
    }

    private static Provenance provenance(TrainConfig config, StartModel model, @Nullable FileHash data) {
        return Provenance.ofThisMachine(
                model.hash(),
                data,
                config.resolved(),
                config.seed(),
                Libtorch.version(),
                Libtorch.threads(),
                Kernels.current().toString(),
                model.encoding().stopTokens());
    }

    /**
     * Trains to the end, or until it is stopped: after a complete step, or while responses are generated. The state is
     * saved in all cases. A step whose rollouts were stopped, or an evaluation, is repeated when the run is resumed.
     *
     * @param stop checked before each step and at each generated token, by any thread
     * @throws IllegalStateException if rewards are unavailable, so that the run must be resumed; or if a loss, a gradient or
     *     an output of the model is not finite, naming the step and the file of its traces
     */
    public Result run(BooleanSupplier stop) throws IOException {
        long steps = config.optimizer().steps();
        listener.began(done, steps);
        parts.answering().stopWhen(stop);
        if (parts.task() != null) {
            parts.task().patience().stopWhen(stop);
        }
        try {
            parts.keeper().begin();
            return ended(parts.loop().train(done, steps, stop));
        } catch (StoppedException e) {
            return new Result(ended(e.steps()).steps(), true);
        } catch (BadInputException e) {
            closeAndDiscardIfEmpty();
            throw e;
        } catch (PausedException e) {
            Result paused = ended(e.steps());
            if (stop.getAsBoolean()) {
                return paused;
            }
            throw new IllegalStateException(
                    "paused after " + paused.steps() + " steps: " + e.getMessage()
                            + ". Nothing was scored in the meantime, and the run in " + config.out()
                            + " is saved: continue with --resume when the service answers.",
                    e);
        }
    }

    private Result ended(long reached) throws IOException {
        if (reached > 0) {
            parts.keeper().checkpoint(reached);
        }
        return new Result(reached, reached < config.optimizer().steps());
    }

    @Override
    public void close() throws IOException {
        resources.close();
    }
}
