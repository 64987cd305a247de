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
 * A layer's attention in blocks of query rows. The key range of a block is the positions of its rows and the {@code
 * keysBefore} positions before them:
 *
 * <pre>
 * positions  0 --------------------------> N
 * block 0    | keysBefore | rows |
 * block 1           | keysBefore | rows |
 * block 2                  | keysBefore | rows |
 * </pre>
 *
 * <p>A short sequence is one block whose key range is the whole sequence. Otherwise the keys of all (sequence, KV head)
 * pairs are concatenated, so the overlapping key ranges of all blocks are one strided view and one batched product
 * computes all of them. A key range may start before the first key of its pair. The entries there, which belong to
 * zeros or to the previous pair, are cleared.
 *
 * <p>Queries are scaled. Queries and keys have one more column, -lse and 1, so that their product is scale q.k - lse
 * and its exponential is A.
 */
final class AttentionBlocks {
    private final int n;
    private final int first;
    private final int rows;
    private final int keysBefore;
    private final int width;
    private final int blocks;
    private final int pairs;
    private final int group;
    private final boolean concatenated;
    private final int slidingWindow;
    private final long batch;
    private final Tensor queries;
    private final Tensor keyRanges;
    private final Tensor rowWeights;

    private AttentionBlocks(
            LayerAttention layer,
            AttentionSums.Request request,
            int first,
            int rows,
            int keysBefore,
            boolean concatenated) {
        this.n = (int) layer.q().size(2);
        this.first = first;
        this.rows = rows;
        this.keysBefore = keysBefore;
        this.width = keysBefore + rows;
        this.blocks = count(n, first, rows);
        this.concatenated = concatenated;
        long kvHeads = layer.k().size(1);
        this.batch = layer.q().size(0);
        this.pairs = (int) (batch * kvHeads);
        this.group = (int) (layer.q().size(1) / kvHeads);
        this.slidingWindow = layer.slidingWindow();
        this.queries = queries(layer, request.firstRow() - first);
        this.keyRanges = keyRanges(layer.k());

        // [B, N] -> [B K blocks, 1, 1, rows]
        Tensor weights = padded(request.rows().unsqueeze(1), 0);
        this.rowWeights = weights.expand(new long[] {batch, kvHeads, (long) blocks * rows}, false)
                .reshape((long) pairs * blocks, 1, 1, rows);
    }

    /**
     * Chooses the layout with the least work.
     *
     * @param band number of keys before each row that the block must hold for {@link #diagonals}
     * @param keysBefore number of keys before each block if there are several, at least {@code band}
     * @param rows rows per block if there are several
     */
    static AttentionBlocks of(LayerAttention layer, AttentionSums.Request request, int band, int keysBefore, int rows) {
        int n = (int) layer.q().size(2);
        int firstRow = request.firstRow();
        int allKeys = Math.max(firstRow, band);
        long singleBlockWork = (long) (n - firstRow) * (allKeys + n - firstRow);
        // Start early enough that all keys of the rows that count belong to their own pair.
        int first = Math.max(0, firstRow - keysBefore) / rows * rows;
        long manyBlocksWork = (long) count(n, first, rows) * rows * (keysBefore + rows);
        return singleBlockWork <= manyBlocksWork
                ? new AttentionBlocks(layer, request, firstRow, n - firstRow, allKeys, false)
                : new AttentionBlocks(layer, request, first, rows, keysBefore, true);
    }

    private static int count(int n, int first, int rows) {
        return (n - first + rows - 1) / rows;
    }

    /** First row of the first block. */
    int first() {
        return first;
    }

    /** Rows per block. */
    int rows() {
        return rows;
    }

    /** Number of keys before the rows of a block in its key range. */
    int keysBefore() {
        return keysBefore;
    }

    /** G, query heads per key/value head. */
    int group() {
        return group;
    }

    /** Number of blocks of all pairs. */
    long count() {
        return (long) pairs * blocks;
    }

    /** Number of attention weights of a block. */
    long blockEntries() {
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
        if (skipped > 0) { // rows before the first that counts may reach keys of other pairs: exp(-inf) clears them
            minusLse.narrow(2, 0, skipped).fill_(new Scalar(Double.NEGATIVE_INFINITY));
        }
        q.select(4, d).copy_(minusLse.reshape(pairs, group, blocks, rows).transpose(1, 2));
        return q.view(count(), (long) group * rows, d + 1);
    }

    /** [B, K, N, D] -> [B K blocks, width, D + 1]. */
    private Tensor keyRanges(Tensor k) {
        long d = k.size(3);
        // If concatenated, zeros come before the first pair only; else before the keys of each pair, up to the width.
        int before = concatenated ? keysBefore : 0;
        int length = concatenated ? blocks * rows : width;
        int present = Math.min(length, n - firstKey());
        Tensor keys = Tensors.zeros(ScalarType.Float, before + (long) pairs * length, d + 1);
        keys.narrow(0, before, (long) pairs * length)
                .view(batch, k.size(1), length, d + 1)
                .narrow(2, concatenated ? 0 : (long) width - n, present)
                .narrow(3, 0, d)
                .copy_(k.narrow(2, firstKey(), present));
        keys.select(1, d).fill_(new Scalar(1));
        return keys.as_strided(
                new long[] {count(), width, d + 1},
                new long[] {(concatenated ? rows : width) * (d + 1), d + 1, 1},
                new LongOptional(0));
    }

    /** Position of the first key of each pair. */
    private int firstKey() {
        return concatenated ? first : 0;
    }

    /** The positions from the first row, [B, heads, length(, D)], padded with {@code fill} beyond N. */
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

    /**
     * A of the blocks [from, from + count): [count, G, rows, width], contiguous; 0 for keys that the row does not
     * attend to.
     */
    Tensor attention(long from, long count) {
        Tensor a = Operators.products(queries.narrow(0, from, count), keyRanges.narrow(0, from, count))
                .exp_()
                .view(count, group, rows, width);
        clearNearer(a, 0);
        clearFurther(a, slidingWindow - 1);
        for (long block = from; block < from + count; block++) {
            long otherPairs = firstKey() - (first + block % blocks * rows - keysBefore);
            if (otherPairs > 0) {
                a.select(0, block - from).narrow(2, 0, otherPairs).zero_();
            }
        }
        return a;
    }

    /** Sets A[t,s] to 0 for t - s &lt; distance, in place. */
    void clearNearer(Tensor a, int distance) {
        a.tril_((long) keysBefore - distance);
    }

    /** Sets A[t,s] to 0 for t - s &gt; distance, in place. */
    void clearFurther(Tensor a, int distance) {
        if (distance < width - 1) {
            a.triu_((long) keysBefore - distance);
        }
    }

    /** A[t, t - d] for d = count - 1 .. 0: a view [blocks, G, rows, count]. */
    Tensor diagonals(Tensor a, int count) {
        long firstColumn = keysBefore - (count - 1L);
        return a.as_strided(
                new long[] {a.size(0), group, rows, count},
                new long[] {blockEntries(), (long) rows * width, width + 1L, 1},
                new LongOptional(a.storage_offset() + firstColumn));
    }

    /** Column sums over the rows that count: [count, G, width]. */
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

    /** Adds up the values of overlapping key ranges: [B K blocks, G, width] -> [B, H, N]. */
    Tensor overlapAdd(Tensor x) {
        long heads = (long) pairs * group;
        long length = keysBefore + (long) blocks * rows;
        Tensor ranges = x.view(pairs, blocks, group, width).transpose(1, 2).reshape(heads, blocks, width);
        Tensor sums = Tensors.zeros(ScalarType.Float, heads, length);
        for (int offset = 0; offset < width; offset += rows) {
            int columns = Math.min(rows, width - offset);
            sums.as_strided(new long[] {heads, blocks, columns}, new long[] {length, rows, 1}, new LongOptional(offset))
                    .add_(ranges.narrow(2, offset, columns));
        }
        // Keys before the first block are prompt tokens or too far back to count.
        Tensor whole = Tensors.zeros(ScalarType.Float, batch, heads / batch, n);
        whole.narrow(2, first, n - (long) first)
                .copy_(sums.view(batch, heads / batch, length).narrow(2, keysBefore, n - (long) first));
        return whole;
    }
}
