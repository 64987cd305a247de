package dev.upbeat.rhythm;

import dev.upbeat.trace.Head;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a stream of responses to group the heads by: sums per head, nothing per token or per response (Eq. 7;
 * receiver score of arXiv 2506.19143). Not safe for use by several threads at once.
 */
public final class HeadTally {
    private final int heads;
    private final SortedMap<Integer, LayerSums> layers = new TreeMap<>();

    /**
     * @param layers the candidate layers
     * @param heads H, query heads of each layer
     */
    public HeadTally(List<Integer> layers, int heads) {
        this.heads = heads;
        layers.forEach(layer -> this.layers.put(layer, new LayerSums(heads)));
    }

    /**
     * Adds a head's part of one response to its span.
     *
     * @param spanSum sum over the response's tokens t of sum_s A[t, s] * (t - s), tokens
     * @param tokens response tokens in the sum, >= 1
     */
    public void addSpan(Head head, double spanSum, int tokens) {
        if (tokens < 1 || !Double.isFinite(spanSum)) {
            throw new IllegalArgumentException(
                    head + ": span sum " + spanSum + " over " + tokens + " tokens; needs a finite sum over >= 1 token");
        }
        LayerSums sums = sums(head);
        sums.span[head.head()] += spanSum;
        sums.tokens[head.head()] += tokens;
    }

    /**
     * Adds a head's column profile over one response to its receiver score. A profile with fewer than 4 defined values or
     * without variance does not count.
     *
     * @param profile mean attention that each response token receives from later ones, [T], NaN where undefined
     */
    public void addProfile(Head head, float[] profile) {
        LayerSums sums = sums(head);
        double kurtosis = Kurtosis.excess(profile);
        if (!Double.isNaN(kurtosis)) {
            sums.kurtosis[head.head()] += kurtosis;
            sums.responses[head.head()]++;
        }
    }

    /** Adds what another tally of the same candidates holds. */
    public void add(HeadTally other) {
        other.layers.forEach((layer, theirs) -> {
            LayerSums sums = sums(new Head(layer, 0));
            for (int head = 0; head < heads; head++) {
                sums.span[head] += theirs.span[head];
                sums.tokens[head] += theirs.tokens[head];
                sums.kurtosis[head] += theirs.kurtosis[head];
                sums.responses[head] += theirs.responses[head];
            }
        });
    }

    /**
     * Mean look-back distance of each head over all response tokens added, tokens: layer -> [H] (Eq. 7).
     *
     * @throws IllegalStateException where a head was never added
     */
    public SortedMap<Integer, double[]> spanTokens() {
        SortedMap<Integer, double[]> spans = new TreeMap<>();
        layers.forEach((layer, sums) -> {
            double[] means = new double[heads];
            for (int head = 0; head < heads; head++) {
                if (sums.tokens[head] == 0) {
                    throw new IllegalStateException("layer " + layer + " head " + head + ": no span was ever added");
                }
                means[head] = sums.span[head] / sums.tokens[head];
            }
            spans.put(layer, means);
        });
        return spans;
    }

    /** Mean excess kurtosis of each head over the responses that count, NaN where none does: layer -> [H]. */
    public SortedMap<Integer, double[]> receiverScores() {
        SortedMap<Integer, double[]> scores = new TreeMap<>();
        layers.forEach((layer, sums) -> {
            double[] means = new double[heads];
            for (int head = 0; head < heads; head++) {
                means[head] = sums.responses[head] == 0 ? Double.NaN : sums.kurtosis[head] / sums.responses[head];
            }
            scores.put(layer, means);
        });
        return scores;
    }

    private LayerSums sums(Head head) {
        LayerSums sums = layers.get(head.layer());
        if (sums == null || head.head() < 0 || head.head() >= heads) {
            throw new IllegalArgumentException(
                    head + " is no candidate: layers " + layers.keySet() + " with heads 0 to " + (heads - 1));
        }
        return sums;
    }

    private static final class LayerSums {
        final double[] span;
        final long[] tokens;
        final double[] kurtosis;
        final int[] responses;

        LayerSums(int heads) {
            span = new double[heads];
            tokens = new long[heads];
            kurtosis = new double[heads];
            responses = new int[heads];
        }
    }
}
