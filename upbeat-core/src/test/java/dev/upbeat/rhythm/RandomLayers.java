package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Random attention of layers with grouped heads, as tensors and as full maps.
 *
 * @param sequence index of the sequence in the batch
 * @param maps of every head of the sequence, [heads][N][N]
 */
record RandomLayers(Map<Integer, LayerAttention> layers, int sequence, List<double[][]> maps) {
    static final int ALL = 99_999;
    private static final int HEADS = 4;

    /**
     * Draws layers 3 and 7 for the second of two sequences.
     *
     * @param window latest keys that a query of layer 7 sees
     */
    static RandomLayers draw(SplittableRandom random, int n, int window) {
        Map<Integer, LayerAttention> layers = new TreeMap<>();
        List<double[][]> maps = new ArrayList<>();
        for (int layer : new int[] {3, 7}) {
            RandomAttention drawn = RandomAttention.draw(random, 2, HEADS, 2, n, 8, layer == 7 ? window : ALL);
            layers.put(layer, drawn.layer());
            maps.addAll(List.of(drawn.maps()[1]));
        }
        return new RandomLayers(layers, 1, maps);
    }

    /** One layer of two heads for one sequence, so that the maps of long sequences fit the memory. */
    static RandomLayers drawLong(SplittableRandom random, int n) {
        RandomAttention drawn = RandomAttention.draw(random, 1, 2, 1, n, 8, ALL);
        return new RandomLayers(Map.of(3, drawn.layer()), 0, List.of(drawn.maps()[0]));
    }

    /** The mean map of all heads over the first {@code length} tokens, [length][length]. */
    double[][] mean(int length) {
        double[][] mean = new double[length][length];
        for (double[][] map : maps) {
            for (int t = 0; t < length; t++) {
                for (int s = 0; s < length; s++) {
                    mean[t][s] += map[t][s] / maps.size();
                }
            }
        }
        return mean;
    }
}
