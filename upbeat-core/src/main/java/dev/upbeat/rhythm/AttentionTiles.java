package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The attention of one sequence in all heads of some layers, recomputed from q, k and lse in tiles of query rows and
 * keys. Memory is O(H N D) for f32 copies of q and k, and O(tile). Equal requests give equal values.
 *
 * <p>Queries are scaled, and queries and keys have one more column, -lse and 1, so that their product is scale q.k -
 * lse and its exponential is A.
 */
final class AttentionTiles {
    /** Rows and keys of a tile: few enough for the CPU's cache. */
    static final int ROWS = 256;

    static final int KEYS = 512;

    private final Layer[] layers;
    private final int kvHeads;
    private final int group;

    /**
     * One layer.
     *
     * @param queries [K, G, N, D + 1]
     * @param keys [K, N, D + 1]
     */
    private record Layer(Tensor queries, Tensor keys, int slidingWindow) {}

    /**
     * Copies q and k of a sequence, into the caller's scope.
     *
     * @param attention attention of a batch by layer, at least one layer
     * @param sequence index of the sequence in the batch
     * @param length N of the sequence, without padding
     */
    AttentionTiles(Map<Integer, LayerAttention> attention, int sequence, int length) {
        LayerAttention first = attention.values().iterator().next();
        this.kvHeads = (int) first.k().size(1);
        this.group = (int) first.q().size(1) / kvHeads;
        this.layers = attention.values().stream()
                .map(layer -> copy(layer, sequence, length))
                .toArray(Layer[]::new);
    }

    private Layer copy(LayerAttention layer, int sequence, int length) {
        long d = layer.q().size(3);
        Tensor queries = torch.empty(kvHeads, group, length, d + 1);
        Tensor keys = torch.empty(kvHeads, length, d + 1);
        Tensor q = layer.q().select(0, sequence).narrow(1, 0, length).view(kvHeads, group, length, d);
        queries.narrow(3, 0, d).copy_(q).mul_(new Scalar(layer.scale()));
        queries.select(3, d)
                .copy_(layer.lse()
                        .select(0, sequence)
                        .narrow(1, 0, length)
                        .reshape(kvHeads, group, length)
                        .neg());
        keys.narrow(2, 0, d).copy_(layer.k().select(0, sequence).narrow(1, 0, length));
        keys.select(2, d).fill_(new Scalar(1));
        return new Layer(queries, keys, layer.slidingWindow());
    }

    /** Number of layers. */
    int layers() {
        return layers.length;
    }

    /** K, key/value heads of each layer. */
    int kvHeads() {
        return kvHeads;
    }

    /** G, query heads per key/value head. */
    int group() {
        return group;
    }

    /** The tile that begins at a row and a key, at most to the given ends. */
    record Tile(int firstRow, int endRow, int firstKey, int endKey) {
        int rows() {
            return endRow - firstRow;
        }

        int keys() {
            return endKey - firstKey;
        }
    }

    /**
     * The attention of the query heads that share a key/value head: f32, [G, rows, keys]; 0 for keys that a row does
     * not attend to.
     *
     * @param layer index of the layer, from 0
     */
    Tensor heads(int layer, int kv, Tile tile) {
        Layer of = layers[layer];
        Tensor q = of.queries.select(0, kv).narrow(1, tile.firstRow, tile.rows());
        Tensor a = Operators.linear(
                        q.reshape((long) group * tile.rows(), q.size(2)),
                        of.keys.select(0, kv).narrow(0, tile.firstKey, tile.keys()),
                        null)
                .exp_()
                .view(group, tile.rows(), tile.keys());
        int diagonal = tile.firstRow - tile.firstKey;
        if (tile.endKey - 1 > tile.firstRow) {
            a.tril_(diagonal); // keys after the row
        }
        if (tile.endRow - 1 - tile.firstKey >= of.slidingWindow) {
            a.triu_(diagonal - of.slidingWindow + 1L);
        }
        return a;
    }

    /** The tiles of a block of rows over all keys before it. */
    static List<Tile> earlierKeys(int firstRow, int endRow) {
        List<Tile> tiles = new ArrayList<>();
        for (int key = 0; key < firstRow; key += KEYS) {
            tiles.add(new Tile(firstRow, endRow, key, Math.min(firstRow, key + KEYS)));
        }
        return tiles;
    }

    /** The mean map of all heads of all layers, row after row, [rows * keys]. */
    double[] meanValues(Tile tile) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toDoubles(mean(tile));
        }
    }

    /** The mean map of all heads of all layers: f64, [rows, keys]. */
    Tensor mean(Tile tile) {
        Tensor sum = Tensors.zeros(ScalarType.Float, tile.rows(), tile.keys());
        for (int layer = 0; layer < layers.length; layer++) {
            for (int kv = 0; kv < kvHeads; kv++) {
                int l = layer;
                int head = kv;
                Scoped.run(() -> sum.add_(heads(l, head, tile).sum(0)));
            }
        }
        return sum.to(ScalarType.Double).div_(new Scalar((double) layers.length * kvHeads * group));
    }
}
