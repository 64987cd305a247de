package dev.upbeat.train;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.MachineMemory;
import dev.upbeat.learn.Critics;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.train.config.CriticConfig;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.LoraConfig;
import dev.upbeat.train.config.SftConfig;
import dev.upbeat.train.config.TaskConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Checks all inputs of a training without training: reads no weights, makes no request and writes nothing. */
public final class DryRun {
    private final TrainConfig config;
    private final TrainingListener listener;
    private final List<String> lines = new ArrayList<>();

    private DryRun(TrainConfig config, TrainingListener listener) {
        this.config = config;
        this.listener = listener;
    }

    /**
     * @param resume whether a run in the directory would be continued
     * @throws BadInputException as {@link Training#open}, except for errors that only the weights show
     */
    public static DryRun of(TrainConfig config, boolean resume, TrainingListener listener) throws IOException {
        DryRun run = new DryRun(config, listener);
        boolean continues = resume && TrainingRun.isBegun(config.out());
        if (continues) {
            ResumeRules.requireSame(config);
        } else {
            TrainingRun.requireFree(config.out());
        }
        config.dataFiles();
        if (config instanceof GrpoConfig grpo) {
            RolloutObserver.requireMeasured(grpo.credit().options().credit().needs(), grpo.credit());
        }
        run.checkModel(continues);
        run.lines.add((continues
                        ? "The run in " + config.out() + " would go on after step "
                                + TrainingRun.latestCheckpoint(config.out()).orElse(0L)
                        : "A run would begin in " + config.out())
                + ", to step " + config.optimizer().steps() + ". Nothing was trained or written.");
        return run;
    }

    /** The result in words. */
    public List<String> lines() {
        return lines;
    }

    private void checkModel(boolean continues) throws IOException {
        String name = config.model();
        if (name == null) {
            SftConfig sft = (SftConfig) config;
            try (StartModel made = Training.newModel(sft)) {
                describe(made.policy().config());
                checkData(made.encoding());
            }
            return;
        }
        ModelFiles files = StartFiles.find(config);
        if (files == null) {
            checkDataWithoutModel(Objects.requireNonNull(config.modelName()));
            return;
        }
        if (config.lora() != null) {
            StartModel.requireWhole(files, name);
        }
        listener.doing("checking " + files.model() + (files.adapter() == null ? "" : " + " + files.adapter()));
        TaskConfig task = config.task();
        try (Checkpoint checkpoint = Checkpoint.open(files.model(), files.adapter())) {
            ModelCheck.require(config, checkpoint.config());
            if (config instanceof GrpoConfig grpo && !continues) {
                GivenHeads.of(grpo, checkpoint.config());
            }
            describe(checkpoint.config());
            try (Encoding encoding = Encoding.of(checkpoint, task == null ? Map.of() : task.templateVars())) {
                checkData(encoding);
            }
        }
    }

    private void describe(ModelConfig model) {
        double weights = MemoryCheck.weights(model);
        lines.add(String.format(
                Locale.ROOT,
                "model: %,.0f weights in %d layers, context %,d",
                weights,
                model.layers(),
                model.context()));
        LoraConfig lora = config.lora();
        if (lora == null) {
            lines.add(String.format(
                    Locale.ROOT,
                    "memory: about %.3g GB for weights, gradients and AdamW's moments, and activations besides; this"
                            + " machine has %.3g GB",
                    weights * MemoryCheck.BYTES_A_WEIGHT / 1e9,
                    MachineMemory.bytes() / 1e9));
        } else {
            long trained = LearningSettings.lora(lora).count(model);
            lines.add(String.format(
                    Locale.ROOT,
                    "memory: %.3g GB (bf16) or %.3g GB (f32) for the frozen weights, about %.3g GB for %,d trained"
                            + " weights, gradients and AdamW's moments, and activations besides; this machine has"
                            + " %.3g GB",
                    weights * Dtype.BF16.bytes() / 1e9,
                    weights * Dtype.F32.bytes() / 1e9,
                    (double) trained * MemoryCheck.BYTES_A_LORA_WEIGHT / 1e9,
                    trained,
                    MachineMemory.bytes() / 1e9));
        }
        CriticConfig critic = config instanceof GrpoConfig grpo ? grpo.credit().usedCritic() : null;
        if (critic != null) {
            int layers = critic.layersOf(model.layers());
            double each = Critics.trainedWeights(model, layers, critic.trainsEmbedding());
            lines.add(String.format(
                    Locale.ROOT,
                    "critics: %d with %,.0f trained weights in %d layers each, about %.3g GB with gradients and moments",
                    critic.count(),
                    each,
                    layers,
                    critic.count() * each * Critics.BYTES_A_WEIGHT / 1e9));
        }
    }

    private void checkDataWithoutModel(String model) throws IOException {
        if (config instanceof SftConfig sft && sft.traces() != null) {
            int validation = sft.validation().traces();
            describe(SupervisedData.Rows.rows(sft.traces(), validation).size(), validation);
        }
        TaskConfig asked = config.task();
        if (asked != null) {
            TrainingTask task = TrainingTask.withoutModel(asked, listener);
            describe(asked, task.task(), Benchmarks.withoutModel(task));
        }
        lines.add("not checked: the model " + model
                + ", which is not on this machine and would be downloaded, its memory,"
                + " and whether the settings and the length and chat template of the rows fit it");
    }

    private void describe(int traces, int validation) {
        lines.add("data: " + (traces - validation) + " traces to train on, " + validation + " for validation");
    }

    private void describe(TaskConfig asked, Task task, Benchmarks benchmarks) throws IOException {
        lines.add("task: "
                + (asked.data() == null
                        ? asked.test() + " generated"
                        : task.test().size() + " given")
                + " held-out problems");
        if (!config.eval().tasks().isEmpty()) {
            for (HeldOut.Problems set : benchmarks.read(config.eval())) {
                lines.add("benchmark " + set.benchmark() + ": " + set.problems().size() + " problems, " + set.samples()
                        + " answers to each, every " + set.every() + " steps");
            }
        }
    }

    private void checkData(Encoding encoding) throws IOException {
        if (config instanceof SftConfig sft && SupervisedData.of(sft, encoding) instanceof SupervisedData.Rows rows) {
            describe(
                    rows.training().size() + rows.validation().size(),
                    rows.validation().size());
        }
        TaskConfig asked = config.task();
        if (asked == null) {
            return;
        }
        TrainingTask read = TrainingTask.of(asked, encoding, listener);
        PatientTask task = read.task();
        describe(asked, task, Benchmarks.of(read, encoding));
        if (config instanceof GrpoConfig grpo) {
            for (Problem problem : task.prompts(config.seed(), 0, grpo.rollout().prompts())) {
                lines.add("first prompt: problem " + problem.id() + ", " + encoding.prompt(problem).length + " tokens");
                break;
            }
        }
    }
}
