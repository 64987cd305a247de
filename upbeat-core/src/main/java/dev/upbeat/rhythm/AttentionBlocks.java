package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A layer's attention cut into blocks of query rows, each against its own keys and the {@code reach} before them.
 *
 * <p>Where one block serves a whole sequence (short ones), its window holds the sequence's keys. Else the keys of all
 * (sequence, KV head) pairs lie end to end, so the overlapping key windows of all blocks are one strided view, and one
 * batched product serves them all. Either way a window may begin before its pair's first key; what stands there (zeros, or
 * the pair before) is cleared.
 *
 * <p>Queries are scaled, and queries and keys have a column more, -lse and 1, so that the product is scale q.k - lse and its
 * exponential is A.
 */
final class AttentionBlocks {
    private final int n;
    private final int first;
    private final int rows;
    private final int reach;
    private final int width;
    private final int blocks;
    private final int pairs;
    private final int group;
    private final boolean chained;
    private final int seenKeys;
    private final long batch;
    private final Tensor queries;
    private final Tensor keyWindows;
    private final Tensor rowWeights;

    private AttentionBlocks(
            LayerAttention layer, AttentionSums.Request request, int first, int rows, int reach, boolean chained) {
        this.n = (int) layer.q().size(2);
        this.first = first;
        this.rows = rows;
        this.reach = reach;
        this.width = reach + rows;
        this.blocks = count(n, first, rows);
        this.chained = chained;
        long kvHeads = layer.k().size(1);
        this.batch = layer.q().size(0);
        this.pairs = (int) (batch * kvHeads);
        this.group = (int) (layer.q().size(1) / kvHeads);
        this.seenKeys = layer.slidingWindow();
        this.queries = queries(layer, request.firstRow() - first);
        this.keyWindows = keyWindows(layer.k());

        // [B, N] -> [B K blocks, 1, 1, rows]
        Tensor weights = padded(request.rows().unsqueeze(1), 0);
        this.rowWeights = weights.expand(new long[] {batch, kvHeads, (long) blocks * rows}, false)
                .reshape((long) pairs * blocks, 1, 1, rows);
    }

    /**
     * The layout with the least work.
     *
     * @param band keys before each row that must be in its block's window for {@link #diagonals}
     * @param reach keys before a block of rows that are wanted where there are several blocks, at least {@code band}
     * @param rows of a block, where there are several
     */
    static AttentionBlocks of(LayerAttention layer, AttentionSums.Request request, int band, int reach, int rows) {
        int n = (int) layer.q().size(2);
        int firstRow = request.firstRow();
        int allKeys = Math.max(firstRow, band);
        long oneWork = (long) (n - firstRow) * (allKeys + n - firstRow);
        // The first rows that count need keys of their own pair.
        int first = Math.max(0, firstRow - reach) / rows * rows;
        long severalWork = (long) count(n, first, rows) * rows * (reach + rows);
        return oneWork <= severalWork
                ? new AttentionBlocks(layer, request, firstRow, n - firstRow, allKeys, false)
                : new AttentionBlocks(layer, request, first, rows, reach, true);
    }

    private static int count(int n, int first, int rows) {
        return (n - first + rows - 1) / rows;
    }

    /** Row at which the first block starts. */
    int first() {
        return first;
    }

    /** Rows of a block. */
    int rows() {
        return rows;
    }

    /** Keys before its rows that a block's window covers. */
    int reach() {
        return reach;
    }

    /** Query heads of a key head. */
    int group() {
        return group;
    }

    /** Blocks of all pairs. */
    long count() {
        return (long) pairs * blocks;
    }

    /** Entries of a block's attention. */
    long size() {
        return (long) group * rows * width;
    }

    /** [B, H, N, D] -> [B K, blocks, G, rows, D + 1] -> [B K blocks, G rows, D + 1]. */
    private Tensor queries(LayerAttention layer, int skipped) {
        long d = layer.q().size(3);
        Tensor q = torch.empty(pairs, blocks, group, rows, d + 1);
        torch.mul_out(
                q.narrow(4, 0, d),
                padded(layer.q(), 0).reshape(pairs, group, blocks, rows, d).transpose(1, 2),
                Tensors.of(new float[] {(float) layer.scale()}));
        Tensor minusLse = padded(layer.lse(), Double.POSITIVE_INFINITY).neg();
        if (skipped > 0) { // rows before the first that counts may see other pairs' keys: exp(-inf) makes them nothing
            minusLse.narrow(2, 0, skipped).fill_(new Scalar(Double.NEGATIVE_INFINITY));
        }
        q.select(4, d).copy_(minusLse.reshape(pairs, group, blocks, rows).transpose(1, 2));
        return q.view(count(), (long) group * rows, d + 1);
    }

    /** [B, K, N, D] -> [B K blocks, width, D + 1]. */
    private Tensor keyWindows(Tensor k) {
        long d = k.size(3);
        // Chained: zeros before the first pair. Else: zeros before each pair's keys, which fill its window up.
        int before = chained ? reach : 0;
        int length = chained ? blocks * rows : width;
        int present = Math.min(length, n - firstKey());
        Tensor keys = Tensors.zeros(ScalarType.Float, before + (long) pairs * length, d + 1);
        keys.narrow(0, before, (long) pairs * length)
                .view(batch, k.size(1), length, d + 1)
                .narrow(2, chained ? 0 : (long) width - n, present)
                .narrow(3, 0, d)
                .copy_(k.narrow(2, firstKey(), present));
        keys.select(1, d).fill_(new Scalar(1));
        return keys.as_strided(
                new long[] {count(), width, d + 1},
                new long[] {(chained ? rows : width) * (d + 1), d + 1, 1},
                new LongOptional(0));
    }

    /** Position of the first key that a pair has here. */
    private int firstKey() {
        return chained ? first : 0;
    }

    /** Positions from the first row on, [B, heads, length(, D)], filled up beyond N. */
    private Tensor padded(Tensor x, double fill) {
        int length = blocks * rows;
        Tensor present = x.narrow(2, first, n - (long) first);
        if (length == n - first) {
            return present;
        }
        long[] shape = x.dim() == 4
                ? new long[] {x.size(0), x.size(1), length, x.size(3)}
                : new long[] {x.size(0), x.size(1), length};
        Tensor padded = torch.empty(shape);
        padded.narrow(2, 0, n - (long) first).copy_(present);
        padded.narrow(2, n - (long) first, length - (n - (long) first)).fill_(new Scalar(fill));
        return padded;
    }

    /** A of the blocks [from, from + count): [count, G, rows, width], contiguous; 0 where the row does not see the key. */
    Tensor attention(long from, long count) {
        Tensor a = Operators.products(queries.narrow(0, from, count), keyWindows.narrow(0, from, count))
                .exp_()
                .view(count, group, rows, width);
        clearNearerThan(a, 0);
        clearFurtherThan(a, seenKeys - 1);
        for (long block = from; block < from + count; block++) {
            long foreign = firstKey() - (first + block % blocks * rows - reach);
            if (foreign > 0) {
                a.select(0, block - from).narrow(2, 0, foreign).zero_();
            }
        }
        return a;
    }

    /** Clears what is nearer than {@code distance} = t - s, in place. */
    void clearNearerThan(Tensor a, int distance) {
        a.tril_((long) reach - distance);
    }

    /** Clears what is further away than {@code distance}, in place. */
    void clearFurtherThan(Tensor a, int distance) {
        if (distance < width - 1) {
            a.triu_((long) reach - distance);
        }
    }

    /** A[t, t - d] for d = count - 1 .. 0: a view [blocks, G, rows, count]. */
    Tensor diagonals(Tensor a, int count) {
        long firstColumn = reach - (count - 1L);
        return a.as_strided(
                new long[] {a.size(0), group, rows, count},
                new long[] {size(), (long) rows * width, width + 1L, 1},
                new LongOptional(a.storage_offset() + firstColumn));
    }

    /** Sums over the rows that count: [count, G, width]. */
    Tensor columnSums(Tensor a, long from, long count) {
        return a.mul(rowWeights.narrow(0, from, count).transpose(2, 3)).sum(2);
    }

    /** [B K blocks, G, rows] -> [B, H, N]. */
    Tensor rowsToSequence(Tensor x) {
        Tensor whole = Tensors.zeros(ScalarType.Float, batch, (long) pairs * group / batch, n);
        Tensor ordered = x.view(pairs, blocks, group, rows)
                .transpose(1, 2)
                .reshape(batch, (long) pairs * group / batch, (long) blocks * rows);
        whole.narrow(2, first, n - (long) first).copy_(ordered.narrow(2, 0, n - (long) first));
        return whole;
    }

    /** Adds the windows of all blocks up: [B K blocks, G, width] -> [B, H, N]. */
    Tensor overlapAdd(Tensor x) {
        long heads = (long) pairs * group;
        long length = reach + (long) blocks * rows;
        Tensor windows = x.view(pairs, blocks, group, width).transpose(1, 2).reshape(heads, blocks, width);
        Tensor sums = Tensors.zeros(ScalarType.Float, heads, length);
        for (int offset = 0; offset < width; offset += rows) {
            int columns = Math.min(rows, width - offset);
            sums.as_strided(new long[] {heads, blocks, columns}, new long[] {length, rows, 1}, new LongOptional(offset))
                    .add_(windows.narrow(2, offset, columns));
        }
        // Keys before the first block belong to prompts, or are too far back to count.
        Tensor whole = Tensors.zeros(ScalarType.Float, batch, heads / batch, n);
        whole.narrow(2, first, n - (long) first)
                .copy_(sums.view(batch, heads / batch, length).narrow(2, reach, n - (long) first));
        return whole;
    }
}
