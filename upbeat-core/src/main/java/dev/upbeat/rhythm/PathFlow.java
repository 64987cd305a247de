package dev.upbeat.rhythm;

/**
 * The flow through each response token (path-aggregation, after arXiv 2506.05744), a score in [0, 1]. Flow 1 starts at the
 * last response token; every token passes what reaches it on to its strongest earlier tokens in the mean map of the global
 * heads, in proportion to their weights. Choices, where the source leaves them open (docs/method.md, section 6):
 *
 * <ol>
 *   <li>A token keeps its {@link #LINKS} strongest links; their weights are brought to a sum of 1.
 *   <li>Flow that reaches the prompt has left the response: it does not come back.
 * </ol>
 */
public final class PathFlow {
    /** m: links that a token keeps. */
    public static final int LINKS = 8;

    private PathFlow() {}

    /**
     * @param links of each response token as the query
     * @param promptTokens P, the absolute position of the first response token
     * @return [T]
     */
    public static float[] of(MeanAttention.Strongest links, int promptTokens) {
        double[] flow = new double[links.positions().length];
        flow[flow.length - 1] = 1;
        for (int t = flow.length - 1; t > 0; t--) {
            int[] positions = links.positions()[t];
            float[] weights = links.weights()[t];
            double total = sum(weights);
            for (int i = 0; i < positions.length && total > 0; i++) {
                int s = positions[i] - promptTokens;
                if (s >= 0) {
                    flow[s] += flow[t] * weights[i] / total;
                }
            }
        }
        float[] floats = new float[flow.length];
        for (int t = 0; t < floats.length; t++) {
            floats[t] = (float) flow[t];
        }
        return floats;
    }

    private static double sum(float[] weights) {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }
}
