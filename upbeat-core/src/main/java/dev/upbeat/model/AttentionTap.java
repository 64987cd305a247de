package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;

/**
 * Watches attention from inside a forward pass, a layer at a time. What it is shown lives until {@link #see} returns; it
 * must not be changed.
 */
public interface AttentionTap {
    /** Whether this layer's attention is to be shown. */
    boolean wants(int layer);

    void see(int layer, Seen attention);

    /**
     * All that the N x N map of a layer can be computed from: {@code A[b,h,t,s] = exp(scale * q[b,h,t] . k[b,h /
     * (H/K),s] - lse[b,h,t])} for s &lt;= t and t - s &lt; window.
     *
     * @param q rotated queries as attention takes them, f32 (of a bf16 decoder the rounded ones), [B, H, N, D'], D' &gt;= D with
     *     zeros beyond D
     * @param k rotated keys, f32, [B, K, N, D'], likewise
     * @param scale of the scores
     * @param lse log of each row's sum of exponentials, f32, [B, H, N]
     * @param meanKey attention-weighted mean key position of each row, E_t[s], f32, [B, H, N]
     * @param window number of latest keys that a query sees (itself included); N or more where it sees all
     */
    record Seen(Tensor q, Tensor k, double scale, Tensor lse, Tensor meanKey, int window) {}
}
