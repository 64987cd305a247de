package dev.upbeat.train.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code kind: grpo}: training by GRPO with a reward.
 *
 * @param model a Hugging Face directory, a GGUF file or a hub id
 * @param adapter a PEFT adapter over it, merged before training; null without one
 * @param dtype dtype of matrix products: {@code auto}, {@code f32} or {@code bf16}
 */
public record GrpoConfig(
        Origin origin,
        Map<String, Object> resolved,
        String model,
        @Nullable String adapter,
        String dtype,
        TaskConfig task,
        RolloutConfig rollout,
        RhythmConfig rhythm,
        CreditConfig credit,
        LearnConfig learn,
        CheckpointConfig checkpoint,
        EvalConfig eval,
        JournalConfig journal,
        long seed,
        Path out,
        Map<String, Object> usual,
        Map<String, Object> added)
        implements TrainConfig {

    private static final String MODEL = "a Hugging Face directory, a .gguf file or a hub id";

    static GrpoConfig read(Section root) {
        String model = root.required("model").path(MODEL);
        String adapter = AdapterKey.read(root);
        String dtype = root.optional("dtype", "auto").choice("auto", "f32", "bf16");
        TaskConfig task = TaskConfig.read(root.section("task"));
        RolloutConfig rollout = RolloutConfig.read(root.section("rollout"));
        RhythmConfig rhythm = RhythmConfig.read(root.section("rhythm"));
        CreditConfig credit = CreditConfig.read(root.section("credit"), rollout.group());
        if (credit.receivers() && !rhythm.receivers()) {
            throw root.origin()
                    .wrong(
                            "credit.heads",
                            "receivers",
                            "targeted or all; or give rhythm.receivers: true as well, which finds the receiver heads");
        }
        if (credit.allHeads() && rhythm.heads() != null) {
            throw root.origin()
                    .wrong(
                            "credit.heads",
                            "all",
                            "targeted or receivers; or leave rhythm.heads out, whose groups"
                                    + " all heads would replace");
        }
        LearnConfig learn = LearnConfig.read(root.section("learn"), rollout);
        CheckpointConfig checkpoint = CheckpointConfig.read(root.section("checkpoint"));
        if (learn.lora() != null) {
            LoraConfig.check(root, adapter, checkpoint);
        }
        return new GrpoConfig(
                root.origin(),
                root.resolved(),
                model,
                adapter,
                dtype,
                task,
                rollout,
                rhythm,
                credit,
                learn,
                checkpoint,
                EvalConfig.read(root.section("eval"), rollout.maxNewTokens(), task),
                JournalConfig.read(root.section("journal")),
                root.optional("seed", 0).wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
                Path.of(root.dependent("out", TrainConfig.defaultOut(root.origin()))
                        .text("a directory")),
                root.usual(),
                root.added()); // last, when every key has been read
    }

    @Override
    public Map<String, Path> data() {
        Map<String, Path> files = task.files();
        files.putAll(eval.files());
        return files;
    }

    @Override
    public OptimizerConfig optimizer() {
        return learn.optimizer();
    }

    @Override
    public @Nullable LoraConfig lora() {
        return learn.lora();
    }
}
