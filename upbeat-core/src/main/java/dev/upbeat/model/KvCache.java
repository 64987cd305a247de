package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of a batch that is being decoded, f32. The rows end at the same slot, so shorter ones start later: slot j
 * of row b holds position j - (longest - length[b]), and the slots before a row's first token are masked. Rows that were
 * forked from another cache have what they share with it before their own slots.
 */
public final class KvCache implements AutoCloseable {
    /** Slots are added in blocks of this many. */
    private static final int BLOCK = 128;

    private final ModelConfig config;
    private final Tensor[] keys;
    private final Tensor[] values;

    /** What the rows begin with before their own slots; null for nothing. */
    private final @Nullable SharedPrefix prefix;

    private int[] padding;
    private int used;
    private int capacity;

    /** @param lengths tokens of each row that come before the first step, [B], 0 or more */
    public KvCache(ModelConfig config, int[] lengths) {
        this(config, lengths, null);
    }

    private KvCache(ModelConfig config, int[] lengths, @Nullable SharedPrefix prefix) {
        this.config = config;
        this.prefix = prefix;
        int longest = Arrays.stream(lengths).max().orElseThrow();
        this.padding = Arrays.stream(lengths).map(length -> longest - length).toArray();
        this.used = longest;
        this.capacity = longest + BLOCK;
        this.keys = new Tensor[config.layers()];
        this.values = new Tensor[config.layers()];
        Scoped.run(() -> {
            for (int l = 0; l < config.layers(); l++) {
                keys[l] = Scoped.keep(slots(capacity));
                values[l] = Scoped.keep(slots(capacity));
            }
        });
    }

    private Tensor slots(int count) {
        Tensor slots = torch.empty(padding.length, config.kvHeads(), count, config.headDim());
        for (int b = 0; b < padding.length; b++) {
            if (padding[b] > 0) { // masked, but 0 times a NaN would be one
                slots.select(0, b).narrow(1, 0, padding[b]).zero_();
            }
        }
        return slots;
    }

    /**
     * Several ways to go on from one row: a cache whose row b begins with the first lengths[b] tokens of that row, shared by
     * all and copied for none. It may outlive this cache.
     *
     * @param lengths [B], each at least 1 and at most the row's tokens
     */
    public KvCache fork(int row, int[] lengths) {
        if (prefix != null) {
            throw new IllegalStateException("a cache that was forked itself cannot be forked again");
        }
        int tokens = used - padding[row];
        for (int length : lengths) {
            if (length < 1 || length > tokens) {
                throw new IllegalArgumentException(
                        "a fork of " + length + " tokens of a row of " + tokens + "; expected 1 to " + tokens);
            }
        }
        int longest = Arrays.stream(lengths).max().orElseThrow();
        Tensor[] sharedKeys = SharedPrefix.views(keys, row, padding[row], longest);
        Tensor[] sharedValues = SharedPrefix.views(values, row, padding[row], longest);
        return new KvCache(config, new int[lengths.length], new SharedPrefix(sharedKeys, sharedValues, lengths));
    }

    /** Goes on with these rows only, in this order. */
    public void keepRows(int[] rows) {
        if (prefix != null) {
            prefix.keepRows(rows);
        }
        long[] indices = Arrays.stream(rows).asLongStream().toArray();
        int[] old = padding;
        padding = Arrays.stream(rows).map(row -> old[row]).toArray();
        replaceAll(slots -> slots.index_select(0, Tensors.of(indices, indices.length)));
    }

    private void grow() {
        int filled = capacity;
        capacity += BLOCK;
        replaceAll(slots -> {
            Tensor more = slots(capacity);
            more.narrow(2, 0, filled).copy_(slots);
            return more;
        });
    }

    private void replaceAll(UnaryOperator<Tensor> change) {
        for (Tensor[] slots : List.of(keys, values)) {
            for (int l = 0; l < slots.length; l++) {
                Tensor old = slots[l];
                try (PointerScope scope = new PointerScope()) {
                    slots[l] = Scoped.keep(change.apply(old));
                }
                old.close();
            }
        }
    }

    /** Position of the next token of each row, [B]. */
    int[] nextPositions() {
        int[] positions = Arrays.stream(padding).map(pad -> used - pad).toArray();
        if (prefix != null) {
            for (int b = 0; b < positions.length; b++) {
                positions[b] += prefix.lengths()[b];
            }
        }
        return positions;
    }

    /** Lengths of the sequences that some rows begin, their next token included: [b], of {@code copies} rows each. */
    int[] firstStretches(int firstRow, int[] copies) {
        int[] next = nextPositions();
        int[] lengths = new int[copies.length];
        int row = firstRow;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = next[row] + 1;
            row += copies[i];
        }
        return lengths;
    }

    /**
     * Stores a layer's keys and values.
     *
     * @param firstRow row that the first sequence goes to
     * @param copies neighbouring rows that each sequence goes to, [b]
     * @param k [b, K, N, D], padded on the right
     * @param v [b, K, N, D], padded on the right
     */
    void fill(int layer, int firstRow, int[] copies, Tensor k, Tensor v) {
        int row = firstRow;
        for (int i = 0; i < copies.length; i++) {
            store(keys[layer], k.narrow(0, i, 1), row, copies[i]);
            store(values[layer], v.narrow(0, i, 1), row, copies[i]);
            row += copies[i];
        }
    }

    /** Rows [row, row + copies) of the cache, all of one length, are x, [1, K, N, D]. */
    private void store(Tensor slots, Tensor x, int row, int copies) {
        int length = used - padding[row];
        Scoped.run(() ->
                slots.narrow(0, row, copies).narrow(2, padding[row], length).copy_(x.narrow(2, 0, length)));
    }

    /** Makes room for one token more. */
    Step beginStep() {
        if (used == capacity) {
            grow();
        }
        used++;
        return new Step();
    }

    /**
     * What to add to the scores of a step, f32; each null where every key is seen.
     *
     * @param own of the rows' own slots from the first that is seen, [B, 1, 1, slots]
     * @param prefix of what rows begin with, [1, 1, B G, n]
     */
    private record Masks(@Nullable Tensor own, @Nullable Tensor prefix) {}

    /** One token of each row, layer by layer. */
    final class Step {
        private final int group = config.heads() / config.kvHeads();

        /** By the layers' sliding windows: made once, for all layers of one. */
        private final Map<Integer, Masks> masks =
                config.slidingWindows().stream().distinct().collect(Collectors.toMap(window -> window, this::masks));

        private Masks masks(int window) {
            return new Masks(
                    mask(firstSeen(window)),
                    reachesPrefix(window) && prefix != null ? prefix.mask(group, used, window) : null);
        }

        /** Whether a query sees more than the rows' own slots. */
        private boolean reachesPrefix(int window) {
            return window == 0 || used < window;
        }

        /** The first slot that a query sees. */
        private int firstSeen(int window) {
            return window == 0 ? 0 : Math.max(0, used - window);
        }

        /**
         * @param heads of one token of each row, N = 1
         * @param scale of the scores
         * @return f32, [B, H, 1, D]
         */
        Tensor attend(int layer, Decoder.Heads heads, double scale) {
            keys[layer].narrow(2, used - 1, 1).copy_(heads.k());
            values[layer].narrow(2, used - 1, 1).copy_(heads.v());
            Tensor q = heads.q().to(ScalarType.Float);
            // The query heads of a group are rows that share one set of keys.
            Tensor rows = q.view(q.size(0), config.kvHeads(), group, config.headDim());
            int window = config.slidingWindows().get(layer);
            int first = firstSeen(window);
            Tensor seenKeys = Tensors.slice(keys[layer], 2, first, used);
            Tensor seenValues = Tensors.slice(values[layer], 2, first, used);
            Masks mask = Objects.requireNonNull(masks.get(window));
            Operators.Flash own = Operators.flash(rows, seenKeys, seenValues, false, mask.own, scale);
            Tensor mixed = reachesPrefix(window) && prefix != null
                    ? prefix.merge(layer, rows, own, mask.prefix, scale)
                    : own.output();
            return mixed.reshape(q.size(0), config.heads(), 1, config.headDim());
        }

        private @Nullable Tensor mask(int first) {
            if (Arrays.stream(padding).allMatch(pad -> pad <= first)) {
                return null;
            }
            int slots = used - first;
            float[] values = new float[padding.length * slots];
            for (int b = 0; b < padding.length; b++) {
                int hidden = Math.max(0, padding[b] - first);
                Arrays.fill(values, b * slots, b * slots + hidden, Float.NEGATIVE_INFINITY);
            }
            return Tensors.of(values, padding.length, 1, 1, slots);
        }
    }

    @Override
    public void close() {
        for (int l = 0; l < keys.length; l++) {
            keys[l].close();
            values[l].close();
        }
        if (prefix != null) {
            prefix.close();
        }
    }
}
