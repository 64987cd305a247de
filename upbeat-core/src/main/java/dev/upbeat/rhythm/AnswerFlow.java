package dev.upbeat.rhythm;

import dev.upbeat.rhythm.AttentionTiles.Tile;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;

/**
 * Answer flow: the flow of attention from the prompt to the answer, and how much of it passes through each token
 * ({@code flowtracer}, arXiv 2606.10646).
 *
 * <p>W is the mean map of all heads of the observed layers over prompt and response. A token passes on to later tokens
 * that attend to it, in proportion to W and to how much of it reaches the answer:
 *
 * <pre>
 * h(i) = 1 for the answer's tokens, else the sum over k > i of W[k,i] h(k)
 * W'[k,i] = W[k,i] h(k) / h(i), so the W' of a token sum to 1: what enters it leaves it
 * throughput(k) = source(k) + sum over j < k of W'[k,j] throughput(j)
 * </pre>
 *
 * <p>h(i) is at most the number of the answer's tokens: it is the sum, over them, of the chance that a random walk back
 * along W visits i. So f64 neither overflows nor underflows, however long the response is. Two passes over the lower
 * triangle of W, computed tile by tile, take O(N) memory: h from the last token to the first, then throughput from the
 * first to the last.
 *
 * <p>The public text (abstract, introduction, caption of figure 1) gives the graph, the restriction to the answer, flow
 * conservation, the sources and throughput as the score. Choices that it leaves open (docs/method.md, section 6):
 *
 * <ol>
 *   <li>The flow ends at the first token of the answer that it reaches. Tokens after the answer have throughput 0.
 *   <li>Every prompt token from which the answer can be reached is a source of the same flow, 1 in total. (With sliding
 *       windows, some may not reach it.) If none reaches it, the flow is undefined.
 *   <li>Attention of a token to itself is no edge.
 *   <li>All edges count, not only the strongest.
 * </ol>
 *
 * @param reach h, [N]
 * @param throughput flow through each token, in [0, 1], [N]; NaN everywhere if there is no answer or no path to it
 */
public record AnswerFlow(double[] reach, double[] throughput) {
    /**
     * Computes the flow.
     *
     * @param layers attention of a batch by layer; all of its heads count
     * @param sequence index of the sequence in the batch
     * @param promptTokens P
     * @param answer whether a response token belongs to the answer, [T]
     */
    public static AnswerFlow of(Map<Integer, LayerAttention> layers, int sequence, int promptTokens, boolean[] answer) {
        int n = promptTokens + answer.length;
        boolean[] sinks = new boolean[n];
        System.arraycopy(answer, 0, sinks, promptTokens, answer.length);
        int end = n;
        while (end > 0 && !sinks[end - 1]) {
            end--;
        }
        double[] reach = new double[n];
        double[] throughput = new double[n];
        if (end > 0) {
            try (PointerScope scope = new PointerScope()) {
                AttentionTiles tiles = new AttentionTiles(layers, sequence, end);
                reach(tiles, sinks, end, reach);
                throughput(tiles, sinks, end, reach, promptTokens, throughput);
            }
        }
        if (Arrays.stream(reach, 0, promptTokens).noneMatch(h -> h > 0)) {
            Arrays.fill(throughput, Double.NaN);
        }
        return new AnswerFlow(reach, throughput);
    }

    /** The throughput of the response tokens, [T]. */
    public float[] response(int promptTokens) {
        float[] response = new float[throughput.length - promptTokens];
        for (int t = 0; t < response.length; t++) {
            response[t] = (float) throughput[promptTokens + t];
        }
        return response;
    }

    /** h of the tokens before {@code end}, from the last block of rows to the first. */
    private static void reach(AttentionTiles tiles, boolean[] sinks, int end, double[] h) {
        for (int last = end; last > 0; last = firstRow(last)) {
            int firstRow = firstRow(last);
            int rows = last - firstRow;
            double[] within = within(tiles, firstRow, last);
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
            for (Tile tile : earlierKeys(firstRow, last)) {
                double[] sums = timesRows(tiles, tile, ofRows);
                for (int i = 0; i < sums.length; i++) {
                    h[tile.firstKey() + i] += sums[i];
                }
            }
        }
    }

    /** Throughput of the tokens before {@code end}, from the first block of rows to the last. */
    private static void throughput(
            AttentionTiles tiles, boolean[] sinks, int end, double[] h, int promptTokens, double[] flow) {
        double source =
                1.0 / Arrays.stream(h, 0, promptTokens).filter(x -> x > 0).count();
        double[] perReach = new double[end]; // throughput / h; 0 for tokens that pass nothing on
        for (int firstRow = 0; firstRow < end; firstRow += AttentionTiles.ROWS) {
            int last = Math.min(end, firstRow + AttentionTiles.ROWS);
            int rows = last - firstRow;
            double[] entering = new double[rows];
            for (Tile tile : earlierKeys(firstRow, last)) {
                double[] sums = timesKeys(tiles, tile, Arrays.copyOfRange(perReach, tile.firstKey(), tile.endKey()));
                for (int r = 0; r < rows; r++) {
                    entering[r] += sums[r];
                }
            }
            double[] within = within(tiles, firstRow, last);
            for (int r = 0; r < rows; r++) {
                int k = firstRow + r;
                for (int j = 0; j < r; j++) {
                    entering[r] += within[r * rows + j] * perReach[firstRow + j];
                }
                flow[k] = h[k] * entering[r] + (k < promptTokens && h[k] > 0 ? source : 0);
                perReach[k] = sinks[k] || h[k] == 0 ? 0 : flow[k] / h[k];
            }
        }
    }

    /** Blocks of rows begin at multiples of their size, so that both passes compute the same tiles. */
    private static int firstRow(int last) {
        return (last - 1) / AttentionTiles.ROWS * AttentionTiles.ROWS;
    }

    /** The tiles of a block of rows over all keys before it. */
    private static List<Tile> earlierKeys(int firstRow, int endRow) {
        List<Tile> tiles = new ArrayList<>();
        for (int key = 0; key < firstRow; key += AttentionTiles.KEYS) {
            tiles.add(new Tile(firstRow, endRow, key, Math.min(firstRow, key + AttentionTiles.KEYS)));
        }
        return tiles;
    }

    /** W among the rows of a block, row by row, [rows * rows]. */
    private static double[] within(AttentionTiles tiles, int firstRow, int endRow) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toDoubles(tiles.mean(new Tile(firstRow, endRow, firstRow, endRow)));
        }
    }

    /** For each key the sum over the tile's rows of W times a value of the row. */
    private static double[] timesRows(AttentionTiles tiles, Tile tile, double[] values) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toDoubles(tiles.mean(tile).t().mv(Tensors.of(values, values.length)));
        }
    }

    /** For each row the sum over the tile's keys of W times a value of the key. */
    private static double[] timesKeys(AttentionTiles tiles, Tile tile, double[] values) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toDoubles(tiles.mean(tile).mv(Tensors.of(values, values.length)));
        }
    }
}
