package dev.upbeat.rhythm;

import dev.upbeat.rhythm.AttentionTiles.Tile;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The answer flow along all edges: two passes over the lower triangle of the mean map, computed tile by tile, so memory
 * is O(N).
 *
 * @param sinks the answer's tokens, at least up to {@code end}
 * @param end end of the answer
 */
record DenseFlow(AttentionTiles tiles, boolean[] sinks, int end) {

    /** h of the tokens before {@code end}, from the last block of rows to the first. */
    void reach(double[] h) {
        for (int last = end; last > 0; last = firstRow(last)) {
            int firstRow = firstRow(last);
            int rows = last - firstRow;
            double[] within = within(firstRow, last);
            // h holds the sums over the rows of later blocks already.
            for (int i = rows - 1; i >= 0; i--) {
                for (int k = i + 1; k < rows; k++) {
                    h[firstRow + i] += within[k * rows + i] * h[firstRow + k];
                }
                if (sinks[firstRow + i]) {
                    h[firstRow + i] = 1;
                }
            }
            double[] ofRows = Arrays.copyOfRange(h, firstRow, last);
            for (Tile tile : AttentionTiles.earlierKeys(firstRow, last)) {
                double[] sums = timesRows(tile, ofRows);
                for (int i = 0; i < sums.length; i++) {
                    h[tile.firstKey() + i] += sums[i];
                }
            }
        }
    }

    /**
     * Throughput of the tokens before {@code end}, from the first block of rows to the last.
     *
     * @param source flow that begins at each token
     * @param flow receives the throughput
     * @param edges are offered every edge flow; null if none are kept
     */
    void throughput(double[] h, double[] source, double[] flow, @Nullable EdgeFlows edges) {
        double[] perReach = new double[end]; // throughput / h; 0 for tokens that pass nothing on
        for (int firstRow = 0; firstRow < end; firstRow += AttentionTiles.ROWS) {
            int last = Math.min(end, firstRow + AttentionTiles.ROWS);
            int rows = last - firstRow;
            double[] entering = new double[rows];
            for (Tile tile : AttentionTiles.earlierKeys(firstRow, last)) {
                double[] sums = enteringFrom(tile, h, perReach, edges);
                for (int r = 0; r < rows; r++) {
                    entering[r] += sums[r];
                }
            }
            double[] within = within(firstRow, last);
            for (int r = 0; r < rows; r++) {
                int k = firstRow + r;
                for (int j = 0; j < r; j++) {
                    double edge = within[r * rows + j] * perReach[firstRow + j];
                    entering[r] += edge;
                    if (edges != null) {
                        edges.offer(firstRow + j, k, h[k] * edge);
                    }
                }
                flow[k] = h[k] * entering[r] + source[k];
                perReach[k] = sinks[k] || h[k] == 0 ? 0 : flow[k] / h[k];
            }
        }
    }

    /** For each row of a tile the sum over its keys of W times {@code perReach}. */
    private double[] enteringFrom(Tile tile, double[] h, double[] perReach, @Nullable EdgeFlows edges) {
        double[] ofKeys = Arrays.copyOfRange(perReach, tile.firstKey(), tile.endKey());
        try (PointerScope scope = new PointerScope()) {
            Tensor mean = tiles.mean(tile);
            if (edges != null) {
                double[] values = Tensors.toDoubles(mean);
                for (int i = 0; i < values.length; i++) {
                    int k = tile.firstRow() + i / tile.keys();
                    int key = i % tile.keys();
                    edges.offer(tile.firstKey() + key, k, h[k] * values[i] * ofKeys[key]);
                }
            }
            return Tensors.toDoubles(mean.mv(Tensors.of(ofKeys, ofKeys.length)));
        }
    }

    /** Blocks of rows begin at multiples of their size, so that both passes compute the same tiles. */
    private static int firstRow(int last) {
        return (last - 1) / AttentionTiles.ROWS * AttentionTiles.ROWS;
    }

    /** W among the rows of a block, row by row, [rows * rows]. */
    private double[] within(int firstRow, int endRow) {
        return tiles.meanValues(new Tile(firstRow, endRow, firstRow, endRow));
    }

    /** For each key the sum over the tile's rows of W times a value of the row. */
    private double[] timesRows(Tile tile, double[] values) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toDoubles(tiles.mean(tile).t().mv(Tensors.of(values, values.length)));
        }
    }
}
