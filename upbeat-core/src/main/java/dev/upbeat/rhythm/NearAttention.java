package dev.upbeat.rhythm;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Attention near the diagonal: blocks of query rows, each against its own keys and the {@code reach} before them.
 *
 * <p>The keys of all (sequence, KV head) pairs lie end to end behind {@code reach} rows of zeros, so the overlapping key
 * windows of all blocks are one strided view, and one batched product serves them all. The first window of a pair looks
 * into the pair before it; those entries are masked.
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
        int blockRows = wantWindow ? OPEN_ROWS : BAND_ROWS;
        blockRows = Math.min(blockRows, roundUp(n, 16));
        int first = Math.max(0, request.firstRow() - reach) / blockRows * blockRows;
        return new Blocks(layer, request, n, first, blockRows, reach).sum(wantWindow, wantHorizon, lo, hi);
    }

    static int roundUp(int value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }

    /** The blocked layout of one layer. */
    private static final class Blocks {
        private final int n;
        private final int window;
        private final int first;
        private final int rows;
        private final int reach;
        private final int width;
        private final int blocks;
        private final int pairs;
        private final int group;
        private final int seenKeys;
        private final Tensor queries;
        private final Tensor keyWindows;
        private final Tensor lse;
        private final Tensor rowWeights;
        private final long batch;

        Blocks(AttentionSums.Layer layer, AttentionSums.Request request, int n, int first, int rows, int reach) {
            this.n = n;
            // No distance reaches N, so a wider W gives the same WAAD; but W - sum loses digits as W grows.
            this.window = Math.min(request.window(), n);
            this.first = first;
            this.rows = rows;
            this.reach = reach;
            this.width = reach + rows;
            this.blocks = (n - first + rows - 1) / rows;
            long kvHeads = layer.k().size(1);
            this.batch = layer.q().size(0);
            this.pairs = (int) (batch * kvHeads);
            this.group = (int) (layer.q().size(1) / kvHeads);
            this.seenKeys = layer.window();
            long d = layer.q().size(3);
            int length = blocks * rows;

            // [B, H, N, D] -> [B K, blocks, G, rows, D] -> [B K blocks, G rows, D]
            Tensor q = padded(layer.q(), length, 0).view(pairs, group, blocks, rows, d);
            this.queries = q.transpose(1, 2).reshape((long) pairs * blocks, (long) group * rows, d);

            // Rows before the first that counts see other pairs' keys: exp(-inf) makes them nothing.
            Tensor l = padded(layer.lse(), length, Float.POSITIVE_INFINITY);
            int skipped = request.firstRow() - first;
            if (skipped > 0) {
                l.narrow(2, 0, skipped).fill_(new Scalar(Double.POSITIVE_INFINITY));
            }
            this.lse = l.view(pairs, group, blocks, rows)
                    .transpose(1, 2)
                    .reshape((long) pairs * blocks, (long) group * rows, 1);

            Tensor keys = Tensors.zeros(ScalarType.Float, reach + (long) pairs * length, d);
            keys.narrow(0, reach, (long) pairs * length)
                    .copy_(padded(layer.k(), length, 0).view((long) pairs * length, d));
            this.keyWindows = keys.as_strided(
                    new long[] {(long) pairs * blocks, width, d}, new long[] {rows * d, d, 1}, new LongOptional(0));

            // [B, N] -> [B K blocks, 1, rows]
            Tensor weights = Tensors.zeros(ScalarType.Float, batch, 1, length);
            weights.narrow(2, 0, n - first)
                    .copy_(request.rows().narrow(1, first, n - first).unsqueeze(1));
            this.rowWeights =
                    weights.expand(new long[] {batch, kvHeads, length}, false).reshape((long) pairs * blocks, 1, rows);
        }

        /** Positions from {@code first} on, [B, heads, length(, D)], filled up beyond N; always a copy. */
        private Tensor padded(Tensor x, int length, float fill) {
            long[] shape = x.dim() == 4
                    ? new long[] {x.size(0), x.size(1), length, x.size(3)}
                    : new long[] {x.size(0), x.size(1), length};
            Tensor copy = torch.empty(shape);
            copy.narrow(2, 0, n - first).copy_(x.narrow(2, first, n - first));
            if (length > n - first) {
                copy.narrow(2, n - first, length - (n - first)).fill_(new Scalar(fill));
            }
            return copy;
        }

        NearAttention sum(boolean wantWindow, boolean wantHorizon, int lo, int hi) {
            Tensor visible = maskOutside(0, Math.min(seenKeys, width) - 1);
            Tensor inHorizon = wantHorizon ? distances().le(new Scalar(hi)).to(ScalarType.Float) : visible;
            Tensor waadWeights = waadWeights();
            TensorVector waad = new TensorVector();
            TensorVector window = new TensorVector();
            TensorVector horizon = new TensorVector();
            long total = (long) pairs * blocks;
            long chunk = Math.max(1, CHUNK_FLOATS / ((long) group * rows * width));
            for (long start = 0; start < total; start += chunk) {
                long from = start;
                long count = Math.min(chunk, total - start);
                Tensor[] parts = new Tensor[3];
                Scoped.run(() -> {
                    Tensor a = attention(from, count, visible);
                    parts[0] = Scoped.keep(waad(a, waadWeights));
                    clearNearerThan(a, lo);
                    if (wantWindow) {
                        parts[1] = Scoped.keep(columnSums(a, from, count));
                    }
                    if (wantHorizon) {
                        parts[2] = Scoped.keep(columnSums(a.mul_(inHorizon), from, count));
                    }
                });
                add(waad, parts[0]);
                add(window, parts[1]);
                add(horizon, parts[2]);
            }
            return new NearAttention(
                    rowsToSequence(torch.cat(waad, 0)),
                    wantWindow ? overlapAdd(torch.cat(window, 0)) : null,
                    wantHorizon ? overlapAdd(torch.cat(horizon, 0)) : null,
                    first,
                    rows,
                    reach);
        }

        private static void add(TensorVector list, @Nullable Tensor part) {
            if (part != null) {
                list.push_back(part);
                part.close();
            }
        }

        /** A of the blocks [from, from + count): [count, G, rows, width], rows contiguous. */
        private Tensor attention(long from, long count, Tensor visible) {
            Tensor scores = torch.bmm(
                    queries.narrow(0, from, count),
                    keyWindows.narrow(0, from, count).transpose(1, 2));
            scores.sub_(lse.narrow(0, from, count));
            Tensor a = scores.view(count, group, rows, width).add_(visible);
            for (long index : pairStarts(from, count)) {
                hideOtherPair(a, index, from);
            }
            return a.exp_();
        }

        /** Blocks in the chunk at which a pair starts or started less than {@code reach} rows before. */
        private List<Long> pairStarts(long from, long count) {
            List<Long> indices = new ArrayList<>();
            for (long index = from; index < from + count; index++) {
                if ((index % blocks) * rows < reach) {
                    indices.add(index);
                }
            }
            return indices;
        }

        private void hideOtherPair(Tensor a, long index, long from) {
            long foreign = reach - (index % blocks) * rows;
            a.select(0, index - from).narrow(2, 0, foreign).fill_(new Scalar(Double.NEGATIVE_INFINITY));
        }

        /** t - s of each entry of a block, [rows, width]. */
        private Tensor distances() {
            Tensor t = torch.arange(new Scalar(rows)).add(new Scalar(reach)).unsqueeze(1);
            return t.sub(torch.arange(new Scalar(width)).unsqueeze(0));
        }

        /** 0 where lowest &lt;= t - s &lt;= highest, else -inf: [rows, width]. */
        private Tensor maskOutside(int lowest, int highest) {
            Tensor distance = distances();
            Tensor outside = distance.lt(new Scalar(lowest)).logical_or(distance.gt(new Scalar(highest)));
            return Tensors.zeros(ScalarType.Float, rows, width)
                    .masked_fill(outside, new Scalar(Double.NEGATIVE_INFINITY));
        }

        /** W - d for d = band - 1 .. 0, the diagonals of {@link #diagonals}. */
        private Tensor waadWeights() {
            int band = Math.min(window, reach + 1);
            float[] weights = new float[band];
            for (int i = 0; i < band; i++) {
                weights[i] = window - (band - 1 - i);
            }
            return Tensors.of(weights, band);
        }

        /** A[t, t - d] for d = count - 1 .. 0: a view [count of blocks, G, rows, count]. */
        private Tensor diagonals(Tensor a, int count) {
            long firstColumn = reach - (count - 1);
            return a.as_strided(
                    new long[] {a.size(0), group, rows, count},
                    new long[] {(long) group * rows * width, (long) rows * width, width + 1L, 1},
                    new LongOptional(a.storage_offset() + firstColumn));
        }

        private Tensor waad(Tensor a, Tensor weights) {
            Tensor near = diagonals(a, (int) weights.size(0)).mul(weights).sum(3);
            return near.neg_().add_(new Scalar(window));
        }

        private void clearNearerThan(Tensor a, int lo) {
            if (lo > 0) {
                diagonals(a, Math.min(lo, reach + 1)).zero_();
            }
        }

        /** Sums over the rows that count: [count, G, width]. */
        private Tensor columnSums(Tensor a, long from, long count) {
            Tensor weights = rowWeights.narrow(0, from, count).unsqueeze(1);
            return torch.matmul(weights.expand(new long[] {count, group, 1, rows}, false), a)
                    .squeeze(2);
        }

        /** [B K blocks, G, rows] -> [B, H, N]. */
        private Tensor rowsToSequence(Tensor x) {
            Tensor whole = Tensors.zeros(ScalarType.Float, batch, (long) pairs * group / batch, n);
            Tensor ordered = x.view(pairs, blocks, group, rows)
                    .transpose(1, 2)
                    .reshape(batch, (long) pairs * group / batch, (long) blocks * rows);
            whole.narrow(2, first, n - first).copy_(ordered.narrow(2, 0, n - first));
            return whole;
        }

        /** Adds the windows of all blocks up: [B K blocks, G, width] -> [B, H, N]. */
        private Tensor overlapAdd(Tensor x) {
            long heads = (long) pairs * group;
            long length = reach + (long) blocks * rows;
            Tensor windows = x.view(pairs, blocks, group, width).transpose(1, 2).reshape(heads, blocks, width);
            Tensor sums = Tensors.zeros(ScalarType.Float, heads, length);
            for (int offset = 0; offset < width; offset += rows) {
                int columns = Math.min(rows, width - offset);
                sums.as_strided(
                                new long[] {heads, blocks, columns},
                                new long[] {length, rows, 1},
                                new LongOptional(offset))
                        .add_(windows.narrow(2, offset, columns));
            }
            // Keys before the first block belong to prompts, or are too far back to count.
            Tensor whole = Tensors.zeros(ScalarType.Float, batch, heads / batch, n);
            whole.narrow(2, first, n - first)
                    .copy_(sums.view(batch, heads / batch, length).narrow(2, reach, n - first));
            return whole;
        }
    }
}
