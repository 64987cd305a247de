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
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * KV cache of a batch that is being decoded, f32. All rows end at the same slot, so shorter rows start later: slot j of
 * row b holds position j - (longest - length[b]), and the slots before the first token of a row are masked. The rows of
 * a forked cache start with a prefix that they share, before their own slots.
 */
public final class KvCache implements AutoCloseable {
    /** Slots are added in blocks of this many. */
    private static final int BLOCK = 128;

    private final ModelConfig config;
    private final Tensor[] keys;
    private final Tensor[] values;

    /** Prefix of all rows before their own slots; null for none. */
    private final @Nullable SharedPrefix prefix;

    private int[] padding;
    private int used;
    private int capacity;

    /** @param lengths number of tokens of each row before the first step, [B], 0 or more */
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
            if (padding[b] > 0) { // masked, but 0 * NaN is NaN
                slots.select(0, b).narrow(1, 0, padding[b]).zero_();
            }
        }
        return slots;
    }

    /**
     * A cache for several continuations of one row. Its row b starts with the first lengths[b] tokens of that row,
     * which are shared, not copied. It may outlive this cache.
     *
     * @param lengths [B], each from 1 to the number of tokens of the row
     */
    public KvCache fork(int row, int[] lengths) {
        if (prefix != null) {
            throw new IllegalStateException("a forked cache cannot be forked again");
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

    /** Keeps only these rows, in this order. */
    public void selectRows(int[] rows) {
        if (prefix != null) {
            prefix.selectRows(rows);
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

    /** Sequence lengths, next token included, that determine the rotary frequencies of prefilled sequences, [b]. */
    int[] ropeLengths(int firstRow, int[] copies) {
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
     * Stores the keys and values of a layer.
     *
     * @param firstRow first row of the first sequence
     * @param copies number of consecutive rows that hold each sequence, [b]
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

    /** Copies x, [1, K, N, D], into the rows [row, row + copies), which have the same length. */
    private void store(Tensor slots, Tensor x, int row, int copies) {
        int length = used - padding[row];
        Scoped.run(() ->
                slots.narrow(0, row, copies).narrow(2, padding[row], length).copy_(x.narrow(2, 0, length)));
    }

    /** Makes room for the next token of each row. */
    Step beginStep() {
        if (used == capacity) {
            grow();
        }
        used++;
        return new Step();
    }

    /**
     * Masks that are added to the scores of a step, f32; null if every key is visible.
     *
     * @param own mask of the rows' own slots from the first visible one, [B, 1, 1, slots]
     * @param prefix mask of the shared prefix, [1, 1, B G, n]
     */
    private record Masks(@Nullable Tensor own, @Nullable Tensor prefix) {}

    /** Attention of the next token of each row, layer by layer. */
    final class Step {
        private final int group = config.heads() / config.kvHeads();

        /** Masks by sliding window, computed once for all layers with the same one. */
        private final Map<Integer, Masks> masks = config.slidingWindows().stream()
                .distinct()
                .collect(Collectors.toMap(slidingWindow -> slidingWindow, this::masks));

        private Masks masks(int slidingWindow) {
            return new Masks(
                    mask(firstVisible(slidingWindow)),
                    reachesPrefix(slidingWindow) && prefix != null ? prefix.mask(group, used, slidingWindow) : null);
        }

        /** Whether the prefix is visible to a query. */
        private boolean reachesPrefix(int slidingWindow) {
            return slidingWindow == 0 || used < slidingWindow;
        }

        /** The first slot visible to a query. */
        private int firstVisible(int slidingWindow) {
            return slidingWindow == 0 ? 0 : Math.max(0, used - slidingWindow);
        }

        /**
         * @param qkv of one token of each row, N = 1
         * @param scale factor of the scores
         * @param hook receives the attention of the token; null for none. Only for one row without a shared prefix
         * @return f32, [B, H, 1, D]
         */
        Tensor attend(int layer, Decoder.Qkv qkv, double scale, @Nullable StepHook hook) {
            keys[layer].narrow(2, used - 1, 1).copy_(qkv.k());
            values[layer].narrow(2, used - 1, 1).copy_(qkv.v());
            Tensor q = qkv.q().to(ScalarType.Float);
            // The query heads of a group become rows, because they share one key head.
            Tensor rows = q.view(q.size(0), config.kvHeads(), group, config.headDim());
            int slidingWindow = config.slidingWindows().get(layer);
            int first = firstVisible(slidingWindow);
            Tensor visibleKeys = Tensors.slice(keys[layer], 2, first, used);
            Tensor visibleValues = Tensors.slice(values[layer], 2, first, used);
            if (hook != null && hook.wants(layer)) {
                hook.row(layer, first, weights(rows, visibleKeys, scale));
            }
            Masks mask = Objects.requireNonNull(masks.get(slidingWindow));
            Operators.AttentionResult own =
                    Operators.flashAttention(rows, visibleKeys, visibleValues, false, mask.own, scale);
            Tensor output = reachesPrefix(slidingWindow) && prefix != null
                    ? prefix.merge(layer, rows, own, mask.prefix, scale)
                    : own.output();
            return output.reshape(q.size(0), config.heads(), 1, config.headDim());
        }

        /** Attention of the only row to its keys, [H, n]. */
        private float[] weights(Tensor rows, Tensor visibleKeys, double scale) {
            if (padding.length != 1 || prefix != null) {
                throw new IllegalStateException("a hook needs one row without a shared prefix");
            }
            try (PointerScope scope = new PointerScope()) {
                Tensor scores = rows.matmul(visibleKeys.transpose(2, 3)).mul(new Scalar(scale));
                return Tensors.toFloats(scores.softmax(3));
            }
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
