package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of a prefix shared by several cache rows: row b starts with the first lengths[b] of them. A step
 * computes attention to the prefix as if the queries of all rows were one sequence, so it reads the prefix once for the
 * whole batch. The result is merged with the attention to each row's own keys by means of the two logsumexps.
 */
final class SharedPrefix implements AutoCloseable {
    private final Tensor[] keys;
    private final Tensor[] values;
    private final int size;
    private int[] lengths;

    /**
     * @param keys of each layer, [1, K, n, D]; closed by this object
     * @param values of each layer, [1, K, n, D]; closed by this object
     * @param lengths number of prefix tokens of each row, [B], at most n
     */
    SharedPrefix(Tensor[] keys, Tensor[] values, int[] lengths) {
        this.keys = keys;
        this.values = values;
        this.size = Arrays.stream(lengths).max().orElseThrow();
        this.lengths = lengths.clone();
    }

    int[] lengths() {
        return lengths;
    }

    void selectRows(int[] rows) {
        int[] old = lengths;
        lengths = Arrays.stream(rows).map(row -> old[row]).toArray();
    }

    /**
     * Mask that is added to the scores, f32, [1, 1, B G, n]; null if every row attends to the whole prefix.
     *
     * @param group G, query heads per key/value head
     * @param own number of tokens of each row after the prefix, the query included
     * @param slidingWindow number of latest keys that a query attends to; 0 for all
     */
    @Nullable
    Tensor mask(int group, int own, int slidingWindow) {
        float[] mask = new float[lengths.length * group * size];
        boolean any = false;
        for (int row = 0; row < lengths.length * group; row++) {
            int length = lengths[row / group];
            int first = slidingWindow == 0 ? 0 : Math.max(0, length + own - slidingWindow);
            for (int key = 0; key < size; key++) {
                if (key < first || key >= length) {
                    mask[row * size + key] = Float.NEGATIVE_INFINITY;
                    any = true;
                }
            }
        }
        return any ? Tensors.of(mask, 1, 1, (long) lengths.length * group, size) : null;
    }

    /**
     * Attention to the prefix and to each row's own keys.
     *
     * @param queries f32, [B, K, G, D]
     * @param own attention to each row's own keys
     * @return f32, [B, K, G, D]
     */
    Tensor merge(int layer, Tensor queries, Operators.AttentionResult own, @Nullable Tensor mask, double scale) {
        long b = queries.size(0);
        long k = queries.size(1);
        long g = queries.size(2);
        long d = queries.size(3);
        Tensor rows = queries.permute(1, 0, 2, 3).reshape(1, k, b * g, d);
        Operators.AttentionResult shared =
                Operators.flashAttention(rows, keys[layer], values[layer], false, mask, scale);
        Tensor output = shared.output().reshape(k, b, g, d).permute(1, 0, 2, 3);
        Tensor lse = shared.lse().reshape(k, b, g).permute(1, 0, 2);
        // Share of the prefix in the total weight: e^shared / (e^shared + e^own).
        Tensor weight = lse.sub(own.lse()).sigmoid().unsqueeze(3);
        return own.output().add(output.sub(own.output()).mul(weight));
    }

    /** Views of the slots [from, from + count) of a row in each layer. The caller closes them. */
    static Tensor[] views(Tensor[] slots, int row, int from, int count) {
        try (PointerScope scope = new PointerScope()) {
            return Arrays.stream(slots)
                    .map(layer -> Scoped.keep(layer.narrow(0, row, 1).narrow(2, from, count)))
                    .toArray(Tensor[]::new);
        }
    }

    @Override
    public void close() {
        for (int l = 0; l < keys.length; l++) {
            keys[l].close();
            values[l].close();
        }
    }
}
