package dev.upbeat.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * One layer's attention, without its N x N map: {@code A[b,h,t,s] = exp(scale * q[b,h,t] . k[b,h/(H/K),s] -
 * lse[b,h,t])} for s &lt;= t and t - s &lt; slidingWindow, else 0.
 *
 * @param q rotated queries, unscaled, [B, H, N, D'], D' &gt;= D with zeros beyond D. f32 during a forward pass, with
 *     values rounded to bf16 in a bf16 decoder; saved copies are bf16 in a bf16 decoder. If the weights are
 *     by value norm, three columns from D on are 1
 * @param k rotated keys, dtype and padding as in q, [B, K, N, D']. If the weights are by value norm, three
 *     columns from D on add up to log |v_s| / scale, so that A and all below are these weights
 * @param scale factor of the scores, applied in f32 because a scaled query cannot be represented in bf16
 * @param lse logsumexp of each row's scores, f32, [B, H, N]
 * @param meanKey attention-weighted mean key position of each row, E_t[s], f32, [B, H, N]
 * @param slidingWindow number of latest keys that a query attends to, itself included; N or more if it attends to all
 */
public record LayerAttention(Tensor q, Tensor k, double scale, Tensor lse, Tensor meanKey, int slidingWindow) {
    /** Number of columns of q and k, from D on, that add log |v_s| to the scores of weights by value norm. */
    public static final int NORM_COLUMNS = 3;
}
