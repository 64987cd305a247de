package dev.upbeat.rhythm;

/**
 * Path flow: the flow through each response token, a score in [0, 1] (path-aggregation, after arXiv 2506.05744). A flow
 * of 1 starts at the last response token. Every token distributes its flow to its strongest earlier tokens in the mean
 * map of the global heads, in proportion to their weights. Choices that the source leaves open (docs/method.md, section
 * 6):
 *
 * <ol>
 *   <li>A token has its m strongest links, and their weights are normalised to a sum of 1.
 *   <li>Flow that reaches the prompt does not return to the response.
 * </ol>
 */
public final class PathFlow {
    /** Default of m, the number of links of a token. */
    public static final int LINKS = 8;

    private PathFlow() {}

    /**
     * Computes the path flow.
     *
     * @param links strongest keys of each response token
     * @param promptTokens P, the absolute position of the first response token
     * @return [T]
     */
    public static float[] of(MeanAttention.StrongestKeys links, int promptTokens) {
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
