package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of a batch that is being decoded, f32. The prompts end at the same slot, so shorter ones start later:
 * slot j of row b holds position j - (longest - length[b]), and the slots before a row's first token are masked.
 */
public final class KvCache implements AutoCloseable {
    private final Tensor[] keys;
    private final Tensor[] values;
    private final int[] padding;
    private final int capacity;
    private final ModelConfig config;
    private int used;

    /**
     * @param lengths prompt length of each row, [B]
     * @param newTokens the most tokens that will be decoded
     */
    public KvCache(ModelConfig config, int[] lengths, int newTokens) {
        this.config = config;
        int longest = Arrays.stream(lengths).max().orElseThrow();
        this.padding = Arrays.stream(lengths).map(length -> longest - length).toArray();
        this.used = longest;
        this.capacity = longest + newTokens;
        this.keys = new Tensor[config.layers()];
        this.values = new Tensor[config.layers()];
        try (PointerScope scope = new PointerScope()) {
            for (int l = 0; l < config.layers(); l++) {
                keys[l] = Scoped.keep(slots(lengths.length));
                values[l] = Scoped.keep(slots(lengths.length));
            }
        }
    }

    private Tensor slots(int batch) {
        return torch.zeros(batch, config.kvHeads(), capacity, config.headDim());
    }

    /** Position of the next token of each row, [B]. */
    int[] nextPositions() {
        return Arrays.stream(padding).map(pad -> used - pad).toArray();
    }

    /** Stores the prompts' keys and values of a layer, [B, K, N, D], padded on the right. */
    void fill(int layer, Tensor k, Tensor v) {
        for (int b = 0; b < padding.length; b++) {
            long length = used - padding[b];
            store(keys[layer], k, b, padding[b], length);
            store(values[layer], v, b, padding[b], length);
        }
    }

    private static void store(Tensor slots, Tensor x, int row, long slot, long length) {
        Scoped.run(() -> slots.select(0, row)
                .narrow(1, slot, length)
                .copy_(x.select(0, row).narrow(1, 0, length)));
    }

    /** Makes room for one token more. */
    Step beginStep() {
        if (used == capacity) {
            throw new IllegalStateException("the cache is full: " + capacity + " slots");
        }
        used++;
        return new Step();
    }

    /** One token of each row, layer by layer. */
    final class Step {
        private final boolean padded = Arrays.stream(padding).anyMatch(pad -> pad > 0);

        /**
         * @param q scaled, [B, H, 1, D]
         * @param k [B, K, 1, D]
         * @param v [B, K, 1, D]
         * @return [B, H, 1, D]
         */
        Tensor attend(int layer, Tensor q, Tensor k, Tensor v, int window) {
            keys[layer].narrow(2, used - 1, 1).copy_(k);
            values[layer].narrow(2, used - 1, 1).copy_(v);
            long group = config.heads() / config.kvHeads();
            // The query heads of a group are rows that share one set of keys.
            Tensor rows = q.view(q.size(0), config.kvHeads(), group, config.headDim());
            int first = window == 0 ? 0 : Math.max(0, used - window);
            Tensor seenKeys = Tensors.slice(keys[layer], 2, first, used);
            Tensor seenValues = Tensors.slice(values[layer], 2, first, used);
            Tensor mask = padded ? mask(first) : null;
            return Operators.flash(rows, seenKeys, seenValues, false, mask, 1.0)
                    .output()
                    .reshape(q.size(0), config.heads(), 1, config.headDim());
        }

        private @Nullable Tensor mask(int first) {
            float[] values = new float[padding.length * (used - first)];
            boolean any = false;
            for (int b = 0; b < padding.length; b++) {
                for (int slot = first; slot < padding[b]; slot++) {
                    values[b * (used - first) + slot - first] = Float.NEGATIVE_INFINITY;
                    any = true;
                }
            }
            return any ? Tensors.of(values, padding.length, 1, 1, used - first) : null;
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
