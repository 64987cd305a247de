package dev.upbeat.train.config;

import java.util.List;

/**
 * AdamW and the schedule of its learning rate.
 *
 * @param steps number of training steps
 * @param learningRate highest learning rate of the schedule
 * @param schedule {@code constant}, {@code linear} or {@code cosine}, after the warm-up
 * @param warmup number of steps in which the rate rises linearly
 * @param finalShare of {@code learningRate} at the last step of a linear or cosine schedule
 * @param weightDecay decoupled, per unit of learning rate
 * @param betas decay of the moments
 * @param gradClip largest norm of the gradient; 0 for no clipping
 * @param microBatchTokens most tokens of one forward and backward pass; 0 for as many as fit in about a gigabyte
 * @param gradientCheckpointing whether layers are recomputed in the backward pass instead of kept in memory
 */
public record OptimizerConfig(
        int steps,
        double learningRate,
        String schedule,
        int warmup,
        double finalShare,
        double weightDecay,
        double[] betas,
        double gradClip,
        int microBatchTokens,
        boolean gradientCheckpointing) {
    static OptimizerConfig read(Section section) {
        int steps = section.required("steps").integer(1, Integer.MAX_VALUE);
        OptimizerConfig config = new OptimizerConfig(
                steps,
                section.required("learning_rate").number(new Range(0, true, 1)),
                section.optional("schedule", "constant").choice("constant", "linear", "cosine"),
                section.optional("warmup", 0).integer(0, Integer.MAX_VALUE),
                section.optional("final_share", 0.0).number(Range.between(0, 1)),
                section.optional("weight_decay", 0.0).number(Range.atLeast(0)),
                section.optional("betas", List.of(0.9, 0.999)).pair(Range.between(0, 0.999999)),
                section.optional("grad_clip", 1.0).number(Range.atLeast(0)),
                section.optional("micro_batch_tokens", 0).integer(0, 1 << 24),
                section.optional("gradient_checkpointing", false).flag());
        if (config.warmup >= steps) {
            throw section.wrong("warmup", "fewer steps than learn.steps, which is " + steps);
        }
        if (config.schedule.equals("constant") && config.finalShare != 0) {
            throw section.wrong(
                    "final_share", "no value if learn.schedule is constant; leave it out, or choose linear or cosine");
        }
        return config;
    }
}
