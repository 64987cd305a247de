package dev.upbeat.train.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code learn.lora}: trains a low-rank update of the model instead of its weights (LoRA, arXiv 2106.09685).
 *
 * @param rank r
 * @param alpha alpha; the update is scaled by alpha / r
 * @param dropout share of the update's inputs that are set to 0 in the gradient pass
 * @param targets linear layers that get an update
 * @param rslora whether the scale is alpha / sqrt(r)
 */
public record LoraConfig(int rank, double alpha, double dropout, List<String> targets, boolean rslora) {
    private static final List<String> TARGETS = List.of("q", "k", "v", "o", "gate", "up", "down");
    private static final int USUAL_RANK = 16;

    /**
     * @param learn section with the key {@code lora}
     * @return null if it has none
     */
    static @Nullable LoraConfig read(Section learn) {
        if (!learn.has("lora")) {
            return null;
        }
        Section section = learn.section("lora");
        // Not a constant default: a run without the section has no rank, so that it differs from one with the defaults.
        int rank = section.dependent("rank", USUAL_RANK).integer(1, 1 << 15);
        double alpha = section.dependent("alpha", 2.0 * rank).number(new Range(0, true, 1e6));
        double dropout = section.added("dropout", 0.0).number(Range.between(0, 0.99));
        return new LoraConfig(
                rank,
                alpha,
                dropout,
                section.added("targets", TARGETS).words(TARGETS),
                section.added("rslora", false).flag());
    }

    /**
     * Rejects settings that cannot be used with {@code learn.lora}.
     *
     * @param root the whole configuration
     * @param adapter of the model; null if none is given
     */
    static void check(Section root, @Nullable String adapter, CheckpointConfig checkpoint) {
        if (adapter != null) {
            throw root.wrong(
                    "adapter",
                    "none together with learn.lora, whose base is a whole model. Merge the adapter first"
                            + " (upbeat export ADAPTER --merge --out DIR) and give DIR as model");
        }
        if (!checkpoint.dtype().equals("f32")) {
            throw root.origin()
                    .wrong(
                            "checkpoint.dtype",
                            checkpoint.dtype(),
                            "f32 together with learn.lora: checkpoints are adapters in f32");
        }
    }
}
