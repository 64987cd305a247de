package dev.upbeat.tensor;

/**
 * The sizes of a decoder on which the speed of its kernels depends.
 *
 * @param hidden width of the residual stream
 * @param mlp width of the MLP
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param headDim width of a head
 */
public record ModelShape(int hidden, int mlp, int heads, int kvHeads, int headDim) {}
