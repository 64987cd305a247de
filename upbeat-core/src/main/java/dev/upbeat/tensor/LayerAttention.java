package dev.upbeat.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * One layer's attention without its N x N map: {@code A[b,h,t,s] = exp(scale * q[b,h,t] . k[b,h/(H/K),s] - lse[b,h,t])} for
 * s &lt;= t and t - s &lt; slidingWindow, else 0.
 *
 * @param q rotated queries, unscaled, [B, H, N, D'], D' &gt;= D with zeros beyond D. During a forward pass f32, of a bf16 decoder
 *     with rounded values; copies that are kept longer are bf16 there
 * @param k rotated keys, likewise, [B, K, N, D']
 * @param scale of the scores: applied in f32, because a scaled query is no bf16 number
 * @param lse log of each row's sum of exponentials, f32, [B, H, N]
 * @param meanKey attention-weighted mean key position of each row, E_t[s], f32, [B, H, N]
 * @param slidingWindow number of latest keys that a query sees (itself included); N or more if it sees all
 */
public record LayerAttention(Tensor q, Tensor k, double scale, Tensor lse, Tensor meanKey, int slidingWindow) {}
