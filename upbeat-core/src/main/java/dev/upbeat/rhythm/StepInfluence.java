package dev.upbeat.rhythm;

import dev.upbeat.rhythm.AttentionTiles.Tile;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Step influence: how much attention the later steps of a response pay to a step ({@code attnrl}, arXiv 2509.26628,
 * there "forward context influence").
 *
 * <pre>
 * alpha(j, k) = mean over the rows t of step j of the sum (or mean) over the tokens s of step k of A[t,s]
 * y(k)        = sum over j >= k + 4 of alpha(j, k), in one head; the influence is the largest y of all heads
 * </pre>
 *
 * <p>The steps, the distance of 4, the sum over later steps and the maximum are the paper's. Choices (docs/method.md,
 * section 6):
 *
 * <ol>
 *   <li>By default attention is summed over the tokens of step k, so alpha is the share of attention that goes to the
 *       step. The texts that we could read leave this open; the authors' code takes the mean ({@link Keys}).
 *   <li>The influence of the last 4 steps is undefined, because no step is far enough behind them. (The authors' code
 *       has 0 there, and also for the first step and the steps after {@code </think>}, from which it never branches.)
 *   <li>The maximum is over all heads of the observed layers.
 * </ol>
 *
 * <p>Computed in tiles of rows and keys, so memory is O(N).
 */
public final class StepInfluence {
    /** Smallest distance of steps that counts (Delta in arXiv 2509.26628). */
    public static final int DISTANCE = 4;

    /** How the attention to the tokens of a step is joined. */
    public enum Keys {
        /** Their sum: the share of attention that goes to the step. */
        SUM,
        /** Their mean, as in the authors' code: a long step weighs less. */
        MEAN
    }

    private StepInfluence() {}

    /**
     * Computes the influence of each token's step.
     *
     * @param layers attention of a batch by layer; all of its heads count
     * @param sequence index of the sequence in the batch
     * @param promptTokens P
     * @param steps step of each response token, from 0, ascending without gaps, [T]
     * @param keys how the attention to the tokens of a step is joined
     * @return [T], NaN where undefined
     */
    public static float[] of(
            Map<Integer, LayerAttention> layers, int sequence, int promptTokens, int[] steps, Keys keys) {
        int count = steps[steps.length - 1] + 1;
        double[] influence = new double[count];
        Arrays.fill(influence, Double.NaN);
        if (count > DISTANCE) {
            try (PointerScope scope = new PointerScope()) {
                AttentionTiles tiles = new AttentionTiles(layers, sequence, promptTokens + steps.length);
                Arrays.fill(influence, 0, count - DISTANCE, 0);
                for (double[] ofHead : byHead(tiles, promptTokens, steps)) {
                    for (int k = 0; k < count - DISTANCE; k++) {
                        influence[k] = Math.max(influence[k], ofHead[k]);
                    }
                }
            }
        }
        if (keys == Keys.MEAN) {
            int[] starts = starts(steps, count);
            for (int k = 0; k < count; k++) {
                influence[k] /= starts[k + 1] - starts[k];
            }
        }
        float[] series = new float[steps.length];
        for (int t = 0; t < series.length; t++) {
            series[t] = (float) influence[steps[t]];
        }
        return series;
    }

    /** y of each head and step, [L H][steps]. */
    private static double[][] byHead(AttentionTiles tiles, int promptTokens, int[] steps) {
        int count = steps[steps.length - 1] + 1;
        int[] starts = starts(steps, count);
        double[][] influence = new double[tiles.layers() * tiles.kvHeads() * tiles.group()][count];
        for (int first = starts[DISTANCE]; first < steps.length; first += AttentionTiles.ROWS) {
            int last = Math.min(steps.length, first + AttentionTiles.ROWS);
            int endKey = starts[steps[last - 1] - DISTANCE + 1];
            for (int key = 0; key < endKey; key += AttentionTiles.KEYS) {
                int firstKey = key;
                Tile tile = new Tile(
                        promptTokens + first,
                        promptTokens + last,
                        promptTokens + key,
                        promptTokens + Math.min(endKey, key + AttentionTiles.KEYS));
                float[] weights = weights(steps, starts, first, last, firstKey, tile.keys());
                Scoped.run(() -> {
                    Tensor ofRows = Tensors.of(weights, tile.rows(), tile.keys());
                    addTile(tiles, tile, ofRows, steps, firstKey, influence);
                });
            }
        }
        return influence;
    }

    private static void addTile(
            AttentionTiles tiles, Tile tile, Tensor weights, int[] steps, int firstKey, double[][] influence) {
        int group = tiles.group();
        for (int layer = 0; layer < tiles.layers(); layer++) {
            for (int kv = 0; kv < tiles.kvHeads(); kv++) {
                int head = (layer * tiles.kvHeads() + kv) * group;
                float[] sums;
                try (PointerScope scope = new PointerScope()) {
                    sums = Tensors.toFloats(
                            tiles.heads(layer, kv, tile).mul_(weights).sum(1));
                }
                for (int g = 0; g < group; g++) {
                    for (int i = 0; i < tile.keys(); i++) {
                        influence[head + g][steps[firstKey + i]] += sums[g * tile.keys() + i];
                    }
                }
            }
        }
    }

    /** 1 / length of the row's step for keys at least {@link #DISTANCE} steps before it, else 0, [rows * keys]. */
    private static float[] weights(int[] steps, int[] starts, int first, int last, int firstKey, int keys) {
        float[] weights = new float[(last - first) * keys];
        for (int t = first; t < last; t++) {
            int step = steps[t];
            int from = (t - first) * keys;
            int counted = Math.min(keys, starts[step - DISTANCE + 1] - firstKey);
            if (counted > 0) {
                Arrays.fill(weights, from, from + counted, 1f / (starts[step + 1] - starts[step]));
            }
        }
        return weights;
    }

    /** First response token of each step, and T at the end. */
    private static int[] starts(int[] steps, int count) {
        int[] starts = new int[count + 1];
        starts[count] = steps.length;
        for (int t = steps.length - 1; t >= 0; t--) {
            starts[steps[t]] = t;
        }
        return starts;
    }
}
