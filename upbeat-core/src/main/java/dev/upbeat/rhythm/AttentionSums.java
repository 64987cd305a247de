package dev.upbeat.rhythm;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.trace.Horizon;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * WAAD, span and received attention of each head of a layer, without its N x N map (docs/method.md, section 3). With lse
 * known, {@code A[t,s] = exp(scale q_t . k_s - lse_t)} stands alone, so
 *
 * <ul>
 *   <li>{@code WAAD_t = W - sum over 0 <= d < W of A[t,t-d] (W - d)}: a band of W keys a row ({@link NearAttention});
 *   <li>what a token receives from [Hlo, Hhi] tokens later is a column sum over a band, and over the whole lower triangle
 *       where the horizon is open ({@link FarAttention} beyond the band);
 *   <li>{@code sum_s A[t,s] (t - s) = t - E_t[s]}, the mean key position, which attention itself carried along.
 * </ul>
 *
 * Memory is O(H N); every tensor is closed by its owner, who calls {@link #close()}.
 *
 * @param waad WAAD of each row, tokens, f32, [B, H, N]; meaningful for rows from firstRow on
 * @param received sum over response rows t with Hlo &lt;= t - s &lt;= Hhi of A[t,s], f32, [B, H, N]
 * @param receivedToEnd the same with Hhi at the end of the response; null where not asked for
 * @param spanSums sum over each choice of span rows of t - E_t[s], tokens, f64, [A, B, H]
 */
public record AttentionSums(
        Tensor waad, Tensor received, @Nullable Tensor receivedToEnd, Tensor spanSums) implements AutoCloseable {

    /**
     * A layer's attention, as {@code dev.upbeat.model.AttentionTap} shows it.
     *
     * @param q queries, f32; kept ones of a bf16 decoder, for {@link MeanAttention} alone, bf16; [B, H, N, D]
     * @param k keys, likewise, [B, K, N, D]
     * @param scale of the scores: applied in f32, for a scaled query is no bf16 number
     * @param lse log of each row's sum of exponentials, f32, [B, H, N]
     * @param meanKey E_t[s], f32, [B, H, N]
     * @param window number of latest keys that a query sees; N or more where it sees all
     */
    public record Layer(Tensor q, Tensor k, double scale, Tensor lse, Tensor meanKey, int window) {}

    /**
     * What to sum.
     *
     * @param rows which rows count in the column sums: 1 where t is in R, else 0; f32, [B, N]
     * @param spanRows which rows count in spans, in A alignments: R, or R - 1 where the row that predicts a token speaks
     *     for it; f32, [A, B, N]
     * @param firstRow smallest row that counts in either, over the batch
     * @param window W of WAAD, tokens
     * @param horizon of the column sums
     * @param toEnd whether {@code receivedToEnd} is wanted
     */
    public record Request(Tensor rows, Tensor spanRows, int firstRow, int window, Horizon horizon, boolean toEnd) {}

    public static AttentionSums of(Layer layer, Request request) {
        try (PointerScope scope = new PointerScope()) {
            int n = (int) layer.q().size(2);
            boolean open = request.horizon().hi() >= n - 1;
            NearAttention near = NearAttention.of(layer, request, open || request.toEnd(), !open);
            Tensor toEnd = near.receivedInWindow();
            if (toEnd != null && near.reach() < Math.min(layer.window(), n) - 1) {
                toEnd = toEnd.add(FarAttention.received(layer, request, near));
            }
            Tensor received = open ? toEnd : near.receivedInHorizon();
            if (received == null) {
                throw new IllegalStateException("neither an open nor a closed horizon was summed");
            }
            Tensor positions = org.bytedeco.pytorch.global.torch.arange(new Scalar(n));
            Tensor spans = positions
                    .sub(layer.meanKey())
                    .mul(request.spanRows().unsqueeze(2))
                    .sum(new long[] {3}, false, new org.bytedeco.pytorch.ScalarTypeOptional(ScalarType.Double));
            return new AttentionSums(
                    Scoped.keep(near.waad()),
                    Scoped.keep(received),
                    request.toEnd() && toEnd != null ? Scoped.keep(toEnd) : null,
                    Scoped.keep(spans));
        }
    }

    @Override
    public void close() {
        waad.close();
        received.close();
        if (receivedToEnd != null) {
            receivedToEnd.close();
        }
        spanSums.close();
    }
}
