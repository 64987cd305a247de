package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.trace.FlowEdges;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

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
 * <p>The flow of an edge is throughput(i) W'[k,i]. h(i) is at most the number of the answer's tokens: it is the sum, over
 * them, of the chance that a random walk back along W visits i. So f64 neither overflows nor underflows, however long the
 * response is.
 *
 * <p>The abstract, the introduction and the caption of figure 1, and reviews of the paper, give the graph, h, W', the
 * sources, the layers (the middle third) and throughput as the score. Choices that they leave open (docs/method.md, section
 * 6):
 *
 * <ol>
 *   <li>The flow ends at the first token of the answer that it reaches. Tokens after the answer have throughput 0.
 *   <li>Every prompt token from which the answer can be reached is a source of the same flow, 1 in total. (With sliding
 *       windows or only the strongest links, some may not reach it.) If none reaches it, the flow is undefined.
 *   <li>Attention of a token to itself is no edge.
 *   <li>All edges count, or only each token's m strongest to earlier tokens, whose weights are normalised to a sum of 1.
 * </ol>
 *
 * @param reach h, [N]
 * @param throughput flow through each token, in [0, 1], [N]; NaN everywhere if there is no answer or no path to it
 * @param edges the strongest edges of each response token; null if none are kept
 */
public record AnswerFlow(
        double[] reach, double[] throughput, @Nullable FlowEdges edges) {
    /** Value of {@code links} for which all edges count. */
    public static final int ALL_LINKS = 0;

    /**
     * Computes the flow.
     *
     * @param layers attention of a batch by layer; all of its heads count
     * @param sequence index of the sequence in the batch
     * @param promptTokens P
     * @param answer whether a response token belongs to the answer, [T]
     * @param links m, the strongest links of a token to earlier tokens that count; {@link #ALL_LINKS}: all
     * @param edges number of strongest edges that are kept of each response token, in either direction; 0: none
     */
    public static AnswerFlow of(
            Map<Integer, LayerAttention> layers,
            int sequence,
            int promptTokens,
            boolean[] answer,
            int links,
            int edges) {
        int n = promptTokens + answer.length;
        boolean[] sinks = new boolean[n];
        System.arraycopy(answer, 0, sinks, promptTokens, answer.length);
        int end = n;
        while (end > 0 && !sinks[end - 1]) {
            end--;
        }
        double[] reach = new double[n];
        double[] throughput = new double[n];
        EdgeFlows flows = edges == 0 ? null : new EdgeFlows(promptTokens, answer.length, edges);
        if (end > 0) {
            try (PointerScope scope = new PointerScope()) {
                AttentionTiles tiles = new AttentionTiles(layers, sequence, end);
                if (links == ALL_LINKS) {
                    DenseFlow dense = new DenseFlow(tiles, sinks, end);
                    dense.reach(reach);
                    dense.throughput(reach, sources(reach, promptTokens), throughput, flows);
                } else {
                    SparseFlow sparse = new SparseFlow(tiles, sinks, end, links);
                    sparse.reach(reach);
                    sparse.throughput(reach, sources(reach, promptTokens), throughput, flows);
                }
            }
        }
        if (Arrays.stream(reach, 0, promptTokens).noneMatch(h -> h > 0)) {
            Arrays.fill(throughput, Double.NaN);
        }
        return new AnswerFlow(reach, throughput, flows == null ? null : flows.strongest());
    }

    /** The flow that begins at each token, [N]. */
    private static double[] sources(double[] reach, int promptTokens) {
        double source =
                1.0 / Arrays.stream(reach, 0, promptTokens).filter(h -> h > 0).count();
        double[] sources = new double[reach.length];
        for (int i = 0; i < promptTokens; i++) {
            sources[i] = reach[i] > 0 ? source : 0;
        }
        return sources;
    }

    /** The throughput of the response tokens, [T]. */
    public float[] response(int promptTokens) {
        float[] response = new float[throughput.length - promptTokens];
        for (int t = 0; t < response.length; t++) {
            response[t] = (float) throughput[promptTokens + t];
        }
        return response;
    }
}
