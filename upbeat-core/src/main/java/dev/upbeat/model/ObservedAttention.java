package dev.upbeat.model;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention of a layer, with all that a hook reads.
 *
 * @param output of attention, [B, H, N, D + PositionColumns.WIDTH]; the first D columns are the layer's output
 */
record ObservedAttention(Tensor output, LayerAttention attention) {
    /**
     * Runs attention once. Only with bf16 attention and weights by value norm, it runs again with these weights: its
     * logsumexp is f32, but its output is rounded to bf16, too coarse for the sums of the rows.
     *
     * @param type dtype of attention
     * @param slidingWindow number of latest keys that a query attends to; 0 for all
     * @param scale factor of the scores
     * @param byValueNorm whether the hook reads weights by value norm ({@link ValueNorms}) instead of A
     */
    static ObservedAttention of(
            Decoder.Qkv qkv, ScalarType type, int slidingWindow, double scale, boolean byValueNorm) {
        long d = qkv.v().size(3);
        Tensor q = PositionColumns.pad(qkv.q());
        Tensor k = PositionColumns.pad(qkv.k());
        Tensor v = PositionColumns.append(qkv.v());
        int visibleKeys = slidingWindow == 0 ? Integer.MAX_VALUE : slidingWindow;
        if (!byValueNorm) {
            Operators.AttentionResult flash = run(q, k, v, type, slidingWindow, scale);
            Tensor meanKey = PositionColumns.read(flash.output(), d);
            return new ObservedAttention(
                    flash.output(), new LayerAttention(q, k, scale, flash.lse(), meanKey, visibleKeys));
        }
        Tensor norms = ValueNorms.of(qkv.v());
        if (type == ScalarType.Float) {
            ValueNorms.weightPositions(v, norms, d);
            Operators.AttentionResult flash = run(q, k, v, type, slidingWindow, scale);
            Tensor rowSums = ValueNorms.rowSums(flash.output(), d);
            Tensor meanKey = PositionColumns.read(flash.output(), d).div_(rowSums);
            Tensor lse = flash.lse().add(rowSums.log());
            ValueNorms.addScores(q, k, norms, d, scale);
            return new ObservedAttention(flash.output(), new LayerAttention(q, k, scale, lse, meanKey, visibleKeys));
        }
        Operators.AttentionResult flash = run(q, k, v, type, slidingWindow, scale);
        ValueNorms.addScores(q, k, norms, d, scale);
        Operators.AttentionResult weighted = run(q, k, v, type, slidingWindow, scale);
        Tensor meanKey = PositionColumns.read(weighted.output(), d);
        return new ObservedAttention(
                flash.output(), new LayerAttention(q, k, scale, weighted.lse(), meanKey, visibleKeys));
    }

    private static Operators.AttentionResult run(
            Tensor q, Tensor k, Tensor v, ScalarType type, int slidingWindow, double scale) {
        return Attention.causal(q.to(type), k.to(type), v.to(type), slidingWindow, scale);
    }
}
