package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The operations of a forward pass outside attention: {@link Inference} only computes them, {@link Tape} also records
 * them for the backward pass. Tokens are a padded batch, [B, N, ..], or packed, [1, U, ..].
 */
sealed interface Pass permits Inference, Tape {
    /** Rows {@code ids} of the embedding, f32. */
    Tensor embed(Tensor embedding, Tensor ids);

    /** x weight^T + bias, in the weight's dtype. */
    Tensor linear(Tensor x, Linear linear);

    /** SiLU(gate(x)) * up(x), in the weights' dtype. */
    Tensor gated(Tensor x, Linear gate, Linear up);

    /** x + linear(y), f32. */
    Tensor addLinear(Tensor x, Tensor y, Linear linear);

    /** RMSNorm over the last dimension, f32. */
    Tensor norm(Tensor x, Tensor weight, double epsilon);

    /** Rotary embedding of {@code x} [.., heads, D], computed in f32 and converted to {@code type}. */
    Tensor rotate(Tensor x, Rope.Angles angles, ScalarType type);

    /** Packed tokens, [1, U, ..], as a padded batch, [B, N, ..]; a padded batch is returned as it is. */
    Tensor toPadded(Tensor x);

    /** The inverse of {@link #toPadded}. */
    Tensor toPacked(Tensor x);

    /** Runs a layer of the network on x. */
    Tensor layer(Tensor x, Layer layer);

    /** A layer of the network. */
    @FunctionalInterface
    interface Layer {
        Tensor run(Pass pass, Tensor x);
    }
}
