package dev.upbeat.learn;

import dev.upbeat.checkpoint.ModelConfig;

/**
 * Settings of the optimiser.
 *
 * @param schedule learning rate of each gradient step
 * @param beta1 of AdamW: decay of the gradient's running mean
 * @param beta2 of AdamW: decay of the squared gradient's running mean
 * @param epsilon of AdamW: added to the denominator
 * @param weightDecay of AdamW: weight decay of matrices
 * @param clip largest global norm of the gradients; larger ones are scaled down to it
 * @param microBatchTokens maximum number of tokens of one forward and backward pass, a shared prompt counted once; 0
 *     for as many as fit in about a gigabyte
 * @param checkpointing activation checkpointing: layers run again in the backward pass instead of keeping their
 *     activations; for long traces
 */
public record Optimization(
        Schedule schedule,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double clip,
        int microBatchTokens,
        boolean checkpointing) {
    /** Bytes of activations that a forward pass may keep for the backward pass. */
    private static final long ACTIVATION_BYTES = 1L << 30;

    private static final int MAX_TOKENS = 4096;

    public Optimization {
        if (!(clip > 0)) {
            throw new IllegalArgumentException("gradient clip is " + clip + ", expected a positive number");
        }
        if (microBatchTokens < 0) {
            throw new IllegalArgumentException(
                    "micro-batch of " + microBatchTokens + " tokens, expected at least 1, or 0 for as many as fit");
        }
    }

    /** Defaults of torch.optim.AdamW, but no weight decay; gradients clipped to norm 1. */
    public static Optimization with(Schedule schedule) {
        return new Optimization(schedule, 0.9, 0.999, 1e-8, 0, 1, 0, false);
    }

    /** The same with activation checkpointing. */
    public Optimization withCheckpointing() {
        return new Optimization(schedule, beta1, beta2, epsilon, weightDecay, clip, microBatchTokens, true);
    }

    AdamW.Settings adamW() {
        return new AdamW.Settings(beta1, beta2, epsilon, weightDecay);
    }

    int tokensFor(ModelConfig config) {
        if (microBatchTokens > 0) {
            return microBatchTokens;
        }
        long heads = (long) (config.heads() + 2 * config.kvHeads()) * config.headDim();
        long perLayer = 4 * (6L * config.hidden() + 3 * heads + 3L * config.mlp());
        long bytesPerToken =
                checkpointing ? perLayer + 4L * config.hidden() * config.layers() : perLayer * config.layers();
        return (int) Math.max(1, Math.min(MAX_TOKENS, ACTIVATION_BYTES / bytesPerToken));
    }
}
