package dev.upbeat.rhythm;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Sums of attention near the diagonal, over {@link AttentionBlocks}.
 *
 * @param waad [B, H, N]
 * @param receivedInWindow sum over rows of all keys at least Hlo back and inside the row block's key window, [B, H, N];
 *     null where not asked for
 * @param receivedInHorizon sum over rows of the keys with Hlo &lt;= t - s &lt;= Hhi, [B, H, N]; null where not asked for
 * @param firstBlockRow row at which the first block starts
 * @param blockRows rows of a block
 * @param reach keys before its block that each window covers
 */
record NearAttention(
        Tensor waad,
        @Nullable Tensor receivedInWindow,
        @Nullable Tensor receivedInHorizon,
        int firstBlockRow,
        int blockRows,
        int reach) {
    /** Rows of a block where the horizon is closed; the narrow window is most of the work then. */
    private static final int BAND_ROWS = 64;

    /** Rows of a block where far keys are summed too, in wide tiles. */
    private static final int OPEN_ROWS = 256;

    /** Floats of the scores that are held at once: they should stay in the CPU's cache. */
    private static final long CHUNK_FLOATS = 1L << 19;

    static NearAttention of(
            AttentionSums.Layer layer, AttentionSums.Request request, boolean wantWindow, boolean wantHorizon) {
        int n = (int) layer.q().size(2);
        int lo = request.horizon().lo();
        int hi = Math.min(request.horizon().hi(), n - 1);
        // A sliding window ends attention before far keys begin; a closed horizon is all in the window.
        int furthest = Math.max(request.window() - 1, lo);
        if (wantHorizon) {
            furthest = Math.max(furthest, hi);
        }
        if (layer.window() < n) {
            furthest = Math.max(furthest, layer.window() - 1);
        }
        int reach = roundUp(Math.min(furthest, n - 1), 16);
        int rows = Math.min(wantWindow ? OPEN_ROWS : BAND_ROWS, roundUp(n, 16));
        // No distance reaches N, so a wider W gives the same WAAD; but W - sum loses digits as W grows.
        int w = Math.min(request.window(), n);
        AttentionBlocks blocks = AttentionBlocks.of(layer, request, w - 1, reach, rows);
        Tensor waadWeights = waadWeights(w);

        TensorVector waad = new TensorVector();
        TensorVector window = new TensorVector();
        TensorVector horizon = new TensorVector();
        long chunk = Math.max(1, CHUNK_FLOATS / blocks.size());
        for (long start = 0; start < blocks.count(); start += chunk) {
            long from = start;
            long count = Math.min(chunk, blocks.count() - start);
            Tensor[] parts = new Tensor[3];
            Scoped.run(() -> {
                Tensor a = blocks.attention(from, count);
                Tensor near = blocks.diagonals(a, (int) waadWeights.size(0));
                parts[0] = Scoped.keep(near.mul(waadWeights).sum(3));
                blocks.clearNearerThan(a, lo);
                if (wantWindow) {
                    parts[1] = Scoped.keep(blocks.columnSums(a, from, count));
                }
                if (wantHorizon) {
                    blocks.clearFurtherThan(a, hi);
                    parts[2] = Scoped.keep(blocks.columnSums(a, from, count));
                }
            });
            add(waad, parts[0]);
            add(window, parts[1]);
            add(horizon, parts[2]);
        }
        return new NearAttention(
                blocks.rowsToSequence(torch.cat(waad, 0).neg_().add_(new Scalar(w))),
                wantWindow ? blocks.overlapAdd(torch.cat(window, 0)) : null,
                wantHorizon ? blocks.overlapAdd(torch.cat(horizon, 0)) : null,
                blocks.first(),
                blocks.rows(),
                blocks.reach());
    }

    private static int roundUp(int value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }

    private static void add(TensorVector list, @Nullable Tensor part) {
        if (part != null) {
            list.push_back(part);
            part.close();
        }
    }

    /** W - d for d = W - 1 .. 0, the diagonals of {@link AttentionBlocks#diagonals}. */
    private static Tensor waadWeights(int w) {
        float[] weights = new float[w];
        for (int i = 0; i < w; i++) {
            weights[i] = i + 1;
        }
        return Tensors.of(weights, w);
    }
}
