package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How a pass over the network runs what has weights: for the results alone, or recorded for the gradients. Tokens are rows
 * of a batch, [B, N, ..], or packed without padding, [1, U, ..].
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

    /** {@code x} [.., heads, D] rotated, in f32, and then of a dtype. */
    Tensor rotate(Tensor x, Rope.Angles angles, ScalarType type);

    /** Tokens as rows of a batch: packed ones, [1, U, ..], to [B, N, ..]. */
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
