package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Column sums of the attention to keys before the key ranges of {@link AttentionBlocks}. Computed in tiles of the lower
 * triangle, each of which is summed and freed.
 */
final class FarColumns {
    private static final int TILE_KEYS = 1024;

    private FarColumns() {}

    /**
     * For each key s, the sum of A[t,s] over the rows t that count, without rows whose block has s in its key range:
     * f32, [B, H, N]. Keys before the first row that counts get 0, because only the sums of response tokens are used.
     */
    static Tensor received(LayerAttention layer, AttentionSums.Request request, AttentionBlocks near) {
        long batch = layer.q().size(0);
        long kvHeads = layer.k().size(1);
        int group = (int) (layer.q().size(1) / kvHeads);
        int n = (int) layer.q().size(2);
        Scalar scale = new Scalar(layer.scale());
        Tensor sums = Tensors.zeros(ScalarType.Float, batch, kvHeads * group, n);
        for (int b = 0; b < batch; b++) {
            for (int kv = 0; kv < kvHeads; kv++) {
                Tensor q = layer.q().select(0, b).narrow(0, (long) kv * group, group);
                Tensor lse = layer.lse().select(0, b).narrow(0, (long) kv * group, group);
                Tensor k = layer.k().select(0, b).select(0, kv);
                Tensor out = sums.select(0, b).narrow(0, (long) kv * group, group);
                Tensor rows = request.rows().select(0, b);
                Scoped.run(() -> addTiles(q.mul(scale), k, lse, rows, out, request.firstRow(), near));
            }
        }
        return sums;
    }

    /**
     * Adds the sums of one (sequence, KV head) pair to {@code out}.
     *
     * @param q scaled, [G, N, D]
     * @param k [N, D]
     * @param lse [G, N]
     * @param rowWeights [N]
     * @param out sums by key, [G, N]
     */
    private static void addTiles(
            Tensor q, Tensor k, Tensor lse, Tensor rowWeights, Tensor out, int firstKey, AttentionBlocks near) {
        long n = q.size(1);
        long group = q.size(0);
        for (long start = near.first(); start < n; start += near.rows()) {
            long keysEnd = start - near.keysBefore();
            if (keysEnd <= firstKey) {
                continue;
            }
            long from = start;
            long rows = Math.min(near.rows(), n - start);
            Scoped.run(() -> {
                Tensor queries = q.narrow(1, from, rows).reshape(group * rows, q.size(2));
                Tensor lseColumn = lse.narrow(1, from, rows).reshape(group * rows, 1);
                Tensor weights = rowWeights.narrow(0, from, rows).view(1, 1, rows);
                for (long key = firstKey; key < keysEnd; key += TILE_KEYS) {
                    long first = key;
                    long keys = Math.min(TILE_KEYS, keysEnd - key);
                    Scoped.run(() -> {
                        Tensor a = Operators.linear(queries, k.narrow(0, first, keys), null)
                                .sub_(lseColumn)
                                .exp_()
                                .view(group, rows, keys);
                        Tensor sum = weights.expand(new long[] {group, 1, rows}, false)
                                .bmm(a)
                                .squeeze(1);
                        out.narrow(1, first, keys).add_(sum);
                    });
                }
            });
        }
    }
}
