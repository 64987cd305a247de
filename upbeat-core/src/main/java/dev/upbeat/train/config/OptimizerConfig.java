package dev.upbeat.train.config;

/**
 * AdamW and the course of its learning rate.
 *
 * @param steps of training
 * @param learningRate the highest
 * @param schedule {@code constant}, {@code linear} or {@code cosine}, after the warm-up
 * @param warmup steps in which the rate rises linearly
 * @param finalShare of {@code learningRate} at the last step of a linear or cosine schedule
 * @param weightDecay decoupled, per unit of learning rate
 * @param betas decay of the moments
 * @param gradClip largest norm of the gradient; 0 for no clipping
 * @param microBatchTokens most tokens of one forward and backward pass; 0 for as many as fit in about a gigabyte
 * @param gradientCheckpointing whether layers run again on the way back instead of being kept
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
    private static final double[] BETAS = {0.9, 0.999};

    static OptimizerConfig read(Section section) {
        int steps = section.requiredInteger("steps", 1, Integer.MAX_VALUE);
        OptimizerConfig config = new OptimizerConfig(
                steps,
                section.requiredNumber("learning_rate", new Range(0, true, 1)),
                section.choice("schedule", "constant", "constant", "linear", "cosine"),
                section.integer("warmup", 0, 0, Integer.MAX_VALUE),
                section.number("final_share", 0.0, Range.between(0, 1)),
                section.number("weight_decay", 0.0, Range.atLeast(0)),
                section.pair("betas", BETAS[0], BETAS[1], Range.between(0, 0.999999)),
                section.number("grad_clip", 1.0, Range.atLeast(0)),
                section.integer("micro_batch_tokens", 0, 0, 1 << 24),
                section.flag("gradient_checkpointing", false));
        if (config.warmup >= steps) {
            throw section.wrong("warmup", "fewer steps than learn.steps, which is " + steps);
        }
        if (config.schedule.equals("constant") && config.finalShare != 0) {
            throw section.wrong(
                    "final_share",
                    "nothing where learn.schedule is constant; leave it out, or choose linear or cosine");
        }
        return config;
    }
}
