package dev.upbeat.rhythm;

import dev.upbeat.series.Shares;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Receiver heads: heads whose attention goes to few earlier tokens (Bogdan et al. 2025, arXiv 2506.19143). A head's
 * score is the excess kurtosis of its column profile, the mean attention that each token receives from later response
 * tokens, averaged over the responses. A response with fewer than 4 defined values or without variance does not count.
 * The receivers are the ceil(rho_r * n) heads of highest score; a head without a score is never one.
 *
 * <p>An instance holds the sums of the responses added so far. Not safe for use by several threads at once.
 */
public final class Receivers {
    private final int heads;
    private final SortedMap<Integer, Sums> layers = new TreeMap<>();

    private record Sums(double[] kurtosis, int[] responses) {}

    /**
     * @param layers the candidate layers
     * @param heads H, query heads of each layer
     */
    public Receivers(List<Integer> layers, int heads) {
        this.heads = heads;
        layers.forEach(layer -> this.layers.put(layer, new Sums(new double[heads], new int[heads])));
    }

    /**
     * Adds the column profiles of one layer over one response.
     *
     * @param profiles mean attention that each response token receives from later ones, [H][T], NaN where undefined
     */
    public void add(int layer, float[][] profiles) {
        Sums sums = sums(layer, profiles.length);
        for (int head = 0; head < heads; head++) {
            double kurtosis = Kurtosis.excess(profiles[head]);
            if (!Double.isNaN(kurtosis)) {
                sums.kurtosis[head] += kurtosis;
                sums.responses[head]++;
            }
        }
    }

    /** Adds the sums of other responses over the same heads. */
    public void add(Receivers other) {
        other.layers.forEach((layer, theirs) -> {
            Sums sums = sums(layer, theirs.kurtosis.length);
            for (int head = 0; head < heads; head++) {
                sums.kurtosis[head] += theirs.kurtosis[head];
                sums.responses[head] += theirs.responses[head];
            }
        });
    }

    private Sums sums(int layer, int given) {
        Sums sums = layers.get(layer);
        if (sums == null || given != heads) {
            throw new IllegalArgumentException("profiles of " + given + " heads of layer " + layer + "; expected "
                    + heads + " heads of one of the layers " + layers.keySet());
        }
        return sums;
    }

    /** Mean excess kurtosis of each head over the responses that count, NaN if no response counts: layer -> [H]. */
    public SortedMap<Integer, double[]> scores() {
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

    /**
     * The ceil(rho_r * n) heads of highest score, by (layer, head).
     *
     * @param scores result of {@link #scores}
     * @param rho rho_r, share of all n heads, with or without a score
     * @return fewer heads if fewer have a score; empty if no head has one
     */
    public static List<Head> of(SortedMap<Integer, double[]> scores, double rho) {
        RhythmSettings.requireReceiverRho("rho_r", rho);
        List<HeadGrouping.ScoredHead> all = HeadGrouping.scoredHeads(scores);
        Stream<HeadGrouping.ScoredHead> scored = all.stream().filter(score -> !Double.isNaN(score.value()));
        return HeadGrouping.first(scored, Shares.count(rho, all.size()), HeadGrouping.LARGEST);
    }
}
