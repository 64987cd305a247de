package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;

/**
 * How a pass over the network runs what has weights: for the results alone, or recorded for the gradients. Tokens are rows
 * of a batch [B, N, ..], or packed without padding, [U, ..].
 */
sealed interface Pass permits Inference, Tape {
    /** Rows {@code ids} of the embedding, f32. */
    Tensor embed(Tensor embedding, Tensor ids);

    /** x weight^T + bias, in the weight's dtype. */
    Tensor linear(Tensor x, Linear linear);

    /** SiLU(gate(x)) * up(x), in the weights' dtype. */
    Tensor gated(Tensor x, Linear gate, Linear up);

    /** x + linear(y), f32. */
    Tensor plusLinear(Tensor x, Tensor y, Linear linear);

    /** RMSNorm over the last dimension, f32. */
    Tensor norm(Tensor x, Tensor weight, double epsilon);

    /** Tokens as rows of a batch: [.., C] to [B, N, C]. */
    Tensor spread(Tensor x);

    /** The way back from {@link #spread}. */
    Tensor pack(Tensor x);

    /** Runs a layer of the network on x. */
    Tensor layer(Tensor x, Layer layer);

    /** A layer of the network, to be run by some pass. */
    @FunctionalInterface
    interface Layer {
        Tensor run(Pass pass, Tensor x);
    }
}
