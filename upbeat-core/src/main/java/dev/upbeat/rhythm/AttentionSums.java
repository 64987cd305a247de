package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.trace.Horizon;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The sums from which {@link HeadSpan}, {@link Waad} and {@link Fai} are computed, for every head of a layer, without
 * its N x N map (docs/method.md, section 3). Memory is O(H N). {@link #close()} frees the tensors.
 *
 * @param waad WAAD of each row, tokens, f32, [B, H, N]; meaningful for rows from firstRow on
 * @param received sum over response rows t with Hlo &lt;= t - s &lt;= Hhi of A[t,s], f32, [B, H, N]
 * @param receivedToEnd the same from the gap to the end of the response; null if not requested
 * @param spanSums sum of t - E_t[s] over the span rows of each alignment, tokens, f64, [A, B, H]
 */
public record AttentionSums(
        Tensor waad, Tensor received, @Nullable Tensor receivedToEnd, Tensor spanSums) implements AutoCloseable {
    /** Rows per block if the horizon is closed: most of the work is then a narrow band. */
    private static final int BAND_ROWS = 64;

    /** Rows per block if keys outside the key ranges are summed too, in wide tiles. */
    private static final int OPEN_ROWS = 256;

    /** Number of attention weights computed at once: few enough for the CPU's cache. */
    private static final long CHUNK_FLOATS = 1L << 19;

    /**
     * The rows and distances to sum over.
     *
     * @param rows rows that count in the column sums: 1 if t is in R, else 0; f32, [B, N]
     * @param spanRows rows that count in spans, for each of A alignments: R, or R shifted by -1 if a token is scored from
     *     the row that predicts it; f32, [A, B, N]
     * @param firstRow smallest row of the batch that counts in {@code rows} or {@code spanRows}
     * @param window W of WAAD, tokens
     * @param horizon horizon of the column sums
     * @param gap smallest distance of {@code receivedToEnd}
     * @param toEnd whether {@code receivedToEnd} is requested
     */
    public record Request(
            Tensor rows, Tensor spanRows, int firstRow, int window, Horizon horizon, int gap, boolean toEnd) {}

    /** Computes the attention near the diagonal once, in chunks of blocks, and adds each chunk to every metric. */
    public static AttentionSums of(LayerAttention layer, Request request) {
        try (PointerScope scope = new PointerScope()) {
            int n = (int) layer.q().size(2);
            int w = Waad.bandKeys(request.window(), n);
            AttentionBlocks blocks =
                    AttentionBlocks.of(layer, request, w - 1, keysBefore(layer, request), rows(n, request));
            Waad waad = new Waad(blocks, w);
            Fai fai = new Fai(blocks, request, n);
            long chunk = Math.max(1, CHUNK_FLOATS / blocks.blockEntries());
            for (long start = 0; start < blocks.count(); start += chunk) {
                long from = start;
                long count = Math.min(chunk, blocks.count() - start);
                Scoped.run(() -> {
                    Tensor attention = blocks.attention(from, count);
                    waad.add(attention);
                    fai.add(attention, from, count);
                });
            }
            Fai.Received received = fai.received(layer);
            return new AttentionSums(
                    Scoped.keep(waad.rows()),
                    Scoped.keep(received.horizon()),
                    received.toEnd() == null ? null : Scoped.keep(received.toEnd()),
                    Scoped.keep(HeadSpan.sums(layer, request.spanRows())));
        }
    }

    private static int rows(int n, Request request) {
        boolean far = Fai.isOpen(request.horizon(), n) || request.toEnd();
        return Math.min(far ? OPEN_ROWS : BAND_ROWS, roundUp(n));
    }

    /** Number of keys before a block in its key range: enough for WAAD, a closed horizon and a sliding window. */
    private static int keysBefore(LayerAttention layer, Request request) {
        int n = (int) layer.q().size(2);
        int distance = Math.max(request.window() - 1, request.horizon().lo());
        if (request.toEnd()) {
            distance = Math.max(distance, request.gap());
        }
        if (!Fai.isOpen(request.horizon(), n)) {
            distance = Math.max(distance, request.horizon().hi());
        }
        if (layer.slidingWindow() < n) { // then no keys outside the key ranges have weight
            distance = Math.max(distance, layer.slidingWindow() - 1);
        }
        return roundUp(Math.min(distance, n - 1));
    }

    private static int roundUp(int value) {
        return (value + 15) / 16 * 16;
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
