package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.trace.GroupWeight;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Head span: mean attention distance of each head, in tokens (arXiv 2510.13554, Eq. 7).
 *
 * <pre>d(l,h) = (1/|R|) sum over t in R, s &lt;= t of A[l,h][t,s] (t - s)</pre>
 *
 * <p>A row of the map sums to 1, so the inner sum is {@code t - E_t[s]}, the distance to the mean key position, which
 * the forward pass computes. For several responses the mean is over all their tokens, or over the responses' means
 * ({@link GroupWeight}). An instance holds the sums of the responses added so far. Not safe for use by several threads at once.
 */
public final class HeadSpan {
    private final int heads;
    private final GroupWeight weight;
    private final SortedMap<Integer, Sums> layers = new TreeMap<>();

    /**
     * @param distances sums over response tokens, or over the means of the responses; tokens, [H]
     * @param count number of tokens, or of responses
     */
    private record Sums(double[] distances, long count) {}

    /**
     * @param layers the candidate layers
     * @param heads H, query heads of each layer
     * @param weight whether each token or each response counts the same
     */
    public HeadSpan(List<Integer> layers, int heads, GroupWeight weight) {
        this.heads = heads;
        this.weight = weight;
        layers.forEach(layer -> this.layers.put(layer, new Sums(new double[heads], 0)));
    }

    /**
     * Sums of {@code t - E_t[s]} over the rows that count, for each sequence of a batch: tokens, f64, [A, B, H].
     *
     * @param rows 1 for a row that counts, else 0, in A alignments; f32, [A, B, N]
     */
    static Tensor sums(LayerAttention attention, Tensor rows) {
        return torch.arange(new Scalar(attention.q().size(2)))
                .sub(attention.meanKey())
                .mul(rows.unsqueeze(2))
                .sum(new long[] {3}, false, new ScalarTypeOptional(ScalarType.Double));
    }

    /**
     * Adds the sums of one layer over one response.
     *
     * @param sums sums of {@code t - E_t[s]} over the tokens of the response, tokens, [H]
     * @param tokens number of tokens of the response, at least 1
     */
    public void add(int layer, double[] sums, long tokens) {
        Sums before = layers.get(layer);
        if (before == null || sums.length != heads) {
            throw new IllegalArgumentException("spans of " + sums.length + " heads of layer " + layer + "; expected "
                    + heads + " heads of one of the layers " + layers.keySet());
        }
        double[] distances = new double[heads];
        for (int head = 0; head < heads; head++) {
            if (tokens < 1 || !Double.isFinite(sums[head])) {
                throw new IllegalArgumentException("span sum of layer " + layer + " head " + head + " is " + sums[head]
                        + " over " + tokens + " tokens; expected a finite sum over at least 1 token");
            }
            distances[head] =
                    before.distances[head] + (weight == GroupWeight.RESPONSE ? sums[head] / tokens : sums[head]);
        }
        layers.put(layer, new Sums(distances, before.count + (weight == GroupWeight.RESPONSE ? 1 : tokens)));
    }

    /** Adds the sums of other responses over the same heads, with the same weight. */
    public void add(HeadSpan other) {
        if (other.heads != heads
                || other.weight != weight
                || !other.layers.keySet().equals(layers.keySet())) {
            throw new IllegalArgumentException(
                    "spans of " + other.heads + " heads of layers " + other.layers.keySet() + " by " + other.weight
                            + "; expected " + heads + " of layers " + layers.keySet() + " by " + weight);
        }
        other.layers.forEach((layer, sums) -> layers.merge(layer, sums, HeadSpan::sum));
    }

    private static Sums sum(Sums a, Sums b) {
        double[] distances = new double[a.distances.length];
        Arrays.setAll(distances, head -> a.distances[head] + b.distances[head]);
        return new Sums(distances, a.count + b.count);
    }

    /**
     * The spans, tokens: layer -> [H].
     *
     * @throws IllegalStateException if no response was added for a layer
     */
    public SortedMap<Integer, double[]> spanTokens() {
        SortedMap<Integer, double[]> spans = new TreeMap<>();
        layers.forEach((layer, sums) -> {
            if (sums.count == 0) {
                throw new IllegalStateException("no response was added to the spans of layer " + layer);
            }
            double[] means = new double[heads];
            for (int head = 0; head < heads; head++) {
                means[head] = sums.distances[head] / sums.count;
            }
            spans.put(layer, means);
        });
        return spans;
    }
}
