package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code kind: sft}: supervised training on the responses of traces.
 *
 * @param model a Hugging Face directory, a GGUF file or a hub id; null if the model is made from scratch
 * @param adapter a PEFT adapter over it, merged before training; null without one
 * @param architecture of a model from scratch; null if one is given
 * @param tokenizer directory whose tokenizer.json a model from scratch takes; null for the task's own
 * @param dtype {@code auto}, {@code f32} or {@code bf16}, of matrix products
 * @param traces a traces file; null for fresh demonstrations of the task
 * @param task whose demonstrations are learnt and whose held-out problems are answered; null if neither is wanted
 * @param batch traces per step
 * @param lora low-rank update that is trained; null to train all weights
 */
public record SftConfig(
        Origin origin,
        Map<String, Object> resolved,
        @Nullable String model,
        @Nullable String adapter,
        @Nullable ArchitectureConfig architecture,
        @Nullable Path tokenizer,
        String dtype,
        @Nullable Path traces,
        @Nullable TaskConfig task,
        OptimizerConfig optimizer,
        int batch,
        @Nullable LoraConfig lora,
        ValidationConfig validation,
        CheckpointConfig checkpoint,
        EvalConfig eval,
        long seed,
        Path out,
        Map<String, Object> usual,
        Map<String, Object> added)
        implements TrainConfig {
    private static final String DEMONSTRATIONS = "demonstrations";
    private static final String OWN = "task";
    private static final String DATA = "a traces file, or demonstrations for the task's built-in ones";
    private static final String MODEL =
            "a Hugging Face directory, a .gguf file or a hub id; or architecture, for a model from scratch";
    private static final int LONGEST_ANSWER = 256;

    static SftConfig read(Section root) {
        boolean scratch = root.has("architecture");
        if (scratch && root.has("model")) {
            throw root.wrong(
                    "model", "no value together with architecture: a model is either given or made from " + "scratch");
        }
        String model = scratch ? null : root.required("model").path(MODEL);
        String adapter = AdapterKey.read(root);
        if (scratch && adapter != null) {
            throw root.wrong("adapter", "none together with architecture: an adapter belongs to a given model");
        }
        ArchitectureConfig architecture = scratch ? ArchitectureConfig.read(root.section("architecture")) : null;
        String tokenizer =
                scratch ? root.optional("tokenizer", OWN).path("a directory with a tokenizer.json", OWN) : OWN;
        String dtype = root.optional("dtype", "auto").choice("auto", "f32", "bf16");
        String data = root.optional("data", DEMONSTRATIONS).path(DATA, DEMONSTRATIONS);
        boolean demonstrations = data.equals(DEMONSTRATIONS);
        TaskConfig task = demonstrations || root.has("task") ? TaskConfig.read(root.section("task")) : null;
        if (demonstrations && task != null && !task.options().isCountdown()) {
            throw root.wrong(
                    "data", "a traces file, because task " + task.options().name() + " has no demonstrations");
        }
        Section learn = root.section("learn");
        OptimizerConfig optimizer = OptimizerConfig.read(learn);
        int batch = learn.optional("batch", 96).integer(1, 1 << 20);
        LoraConfig lora = LoraConfig.read(learn);
        if (scratch && lora != null) {
            throw root.origin()
                    .wrong(
                            "learn.lora",
                            "given",
                            "none together with architecture: a low-rank update needs a trained model");
        }
        ValidationConfig validation = ValidationConfig.read(root.section("validation"));
        CheckpointConfig checkpoint = CheckpointConfig.read(root.section("checkpoint"));
        if (lora != null) {
            LoraConfig.check(root, adapter, checkpoint);
        }
        return new SftConfig(
                root.origin(),
                root.resolved(),
                model,
                adapter,
                architecture,
                tokenizer.equals(OWN) ? null : Path.of(tokenizer),
                dtype,
                demonstrations ? null : Path.of(data),
                task,
                optimizer,
                batch,
                lora,
                validation,
                checkpoint,
                task == null ? EvalConfig.NONE : EvalConfig.read(root.section("eval"), LONGEST_ANSWER, task),
                root.optional("seed", 0).wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
                Path.of(root.dependent("out", TrainConfig.defaultOut(root.origin()))
                        .text("a directory")),
                root.usual(),
                root.added()); // last, when every key has been read
    }

    /** @throws BadInputException if the task's problems are not those that demonstrations in words solve */
    public void requireDemonstrationsInWords() {
        TaskOptions options =
                Objects.requireNonNull(task, "demonstrations are of a task").options();
        if (!options.puzzles().small()) {
            throw origin.wrong(
                    "task.puzzles", "usual", "small: there are demonstrations in words only of small puzzles");
        }
        if (options.prompt() != null) {
            throw origin.wrong(
                    "task.prompt",
                    options.prompt(),
                    "auto, because demonstrations in words answer the task's own prompt");
        }
    }

    @Override
    public Map<String, Path> data() {
        Map<String, Path> files = new LinkedHashMap<>();
        if (traces != null) {
            files.put("data", traces);
        }
        if (task != null) {
            files.putAll(task.files());
            files.putAll(eval.files());
        }
        return files;
    }
}
