package dev.upbeat.train;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.task.countdown.SearchTraces;
import dev.upbeat.train.config.CriticConfig;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.RhythmConfig;
import dev.upbeat.train.config.SftConfig;
import dev.upbeat.train.config.TrainConfig;
import java.util.List;

/** Checks that a configuration fits a model, before its weights are read. */
final class ModelCheck {
    private ModelCheck() {}

    static void require(TrainConfig config, ModelConfig model) {
        int context = model.context();
        if (config instanceof SftConfig sft && sft.traces() == null && context < SearchTraces.LONGEST) {
            String expected = "at least " + SearchTraces.LONGEST + " tokens, the length of the longest demonstration";
            throw sft.architecture() != null
                    ? config.origin().wrong("architecture.context", context, expected)
                    : config.origin()
                            .wrong("model", sft.model() + " with a context of " + context, "one of " + expected);
        }
        if (config instanceof GrpoConfig grpo) {
            if (grpo.rollout().maxNewTokens() >= context) {
                throw config.origin()
                        .wrong("rollout.max_new_tokens", grpo.rollout().maxNewTokens(), fewer(context));
            }
            requireHeads(grpo, model);
            CriticConfig critic = grpo.credit().critic();
            if (critic != null && critic.layers() > model.layers()) {
                throw config.origin()
                        .wrong(
                                "credit.critic.layers",
                                critic.layers(),
                                "at most the model's " + model.layers() + " layers");
            }
        }
        // Checked after rollout.max_new_tokens, because that is the default of eval.max_new_tokens.
        if (config.eval().every() > 0 && config.eval().maxNewTokens() >= context) {
            throw config.origin().wrong("eval.max_new_tokens", config.eval().maxNewTokens(), fewer(context));
        }
    }

    private static String fewer(int context) {
        return "fewer tokens than the model's context of " + context + ", so that a prompt fits too";
    }

    private static void requireHeads(GrpoConfig config, ModelConfig model) {
        RhythmConfig rhythm = config.rhythm();
        List<Integer> layers;
        try {
            layers = rhythm.layers().resolve(model.layers());
        } catch (BadInputException e) {
            throw config.origin()
                    .wrong(
                            "rhythm.layers",
                            rhythm.layers(),
                            "layers from 0 to " + (model.layers() - 1) + " of this model");
        }
        if (rhythm.heads() != null) {
            return;
        }
        try {
            HeadGrouping.groupSize(rhythm.settings().rho(), layers.size() * model.heads());
        } catch (BadInputException e) {
            throw config.origin()
                    .wrong("rhythm.rho", rhythm.settings().rho(), "two groups of heads: " + e.getMessage());
        }
    }
}
