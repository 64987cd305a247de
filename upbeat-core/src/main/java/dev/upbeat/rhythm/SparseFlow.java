package dev.upbeat.rhythm;

import dev.upbeat.rhythm.AttentionTiles.Tile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer flow along each token's m strongest earlier keys, whose weights are normalised to a sum of 1. One pass over
 * the tiles of the mean map finds the links, and two over the links compute the flow. Memory is O(N m).
 */
final class SparseFlow {
    private final int[][] keys; // -1 where a token has fewer than m earlier keys
    private final double[][] weights;
    private final boolean[] sinks;

    /**
     * @param sinks the answer's tokens, at least up to {@code end}
     * @param end end of the answer
     * @param count m
     */
    SparseFlow(AttentionTiles tiles, boolean[] sinks, int end, int count) {
        StrongestLinks links = new StrongestLinks(end, count);
        for (int firstRow = 0; firstRow < end; firstRow += AttentionTiles.ROWS) {
            int endRow = Math.min(end, firstRow + AttentionTiles.ROWS);
            for (Tile tile : AttentionTiles.earlierKeys(firstRow, endRow)) {
                offer(links, tile, tiles.meanValues(tile));
            }
            Tile own = new Tile(firstRow, endRow, firstRow, endRow);
            offer(links, own, tiles.meanValues(own));
        }
        this.keys = links.positions();
        this.weights = links.weights();
        this.sinks = sinks;
        for (double[] row : weights) {
            double total = Arrays.stream(row).sum();
            for (int i = 0; i < row.length && total > 0; i++) {
                row[i] /= total;
            }
        }
    }

    private static void offer(StrongestLinks links, Tile tile, double[] values) {
        for (int r = 0; r < tile.rows(); r++) {
            int row = tile.firstRow() + r;
            int earlier = Math.min(tile.keys(), row - tile.firstKey()); // a token's attention to itself is no link
            for (int i = 0; i < earlier; i++) {
                links.offer(row, tile.firstKey() + i, values[r * tile.keys() + i]);
            }
        }
    }

    /** h of the tokens before the answer's end, from the last token to the first. */
    void reach(double[] h) {
        for (int k = keys.length - 1; k >= 0; k--) {
            if (sinks[k]) {
                h[k] = 1;
            }
            for (int i = 0; i < keys[k].length && keys[k][i] >= 0; i++) {
                h[keys[k][i]] += weights[k][i] * h[k];
            }
        }
    }

    /** Throughput of the tokens before the answer's end, from the first token to the last. */
    void throughput(double[] h, double[] source, double[] flow, @Nullable EdgeFlows edges) {
        double[] perReach = new double[keys.length];
        for (int k = 0; k < keys.length; k++) {
            flow[k] = source[k];
            for (int i = 0; i < keys[k].length && keys[k][i] >= 0; i++) {
                double edge = weights[k][i] * h[k] * perReach[keys[k][i]];
                flow[k] += edge;
                if (edges != null) {
                    edges.offer(keys[k][i], k, edge);
                }
            }
            perReach[k] = sinks[k] || h[k] == 0 ? 0 : flow[k] / h[k];
        }
    }
}
