package dev.upbeat.rhythm;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.Shares;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.RhythmSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Head groups: the heads of smallest span are local, those of largest span global (arXiv 2510.13554, Eq. 8). WAAD and FAI
 * do not need the mean maps of Eq. 8: {@code observe.HeadSeries} averages the values of a group's heads. Choices:
 *
 * <ol>
 *   <li>A group's size is ceil(rho * n) of the n candidate heads; ties go to the lower (layer, head) in both groups.
 *   <li>The groups never overlap: a head that a tie would put into both is local, and a rho for which the groups need more
 *       heads than there are is rejected.
 * </ol>
 */
public final class HeadGrouping {
    static final Comparator<ScoredHead> LARGEST =
            Comparator.comparingDouble(ScoredHead::value).reversed();

    private HeadGrouping() {}

    /**
     * The local and global heads by span.
     *
     * @param spanTokens span of each head, tokens: layer -> [H]
     * @param receiver from {@link Receivers#of}; empty if receivers are off
     * @param settings settings whose rho is the share of heads in each group; the result contains all of them
     * @throws BadInputException if there are fewer than 2 heads, or with this rho a group is empty or the two overlap
     */
    public static HeadGroups of(SortedMap<Integer, double[]> spanTokens, List<Head> receiver, RhythmSettings settings) {
        List<ScoredHead> spans = scoredHeads(spanTokens);
        spans.forEach(span -> {
            if (Double.isNaN(span.value)) {
                throw new IllegalArgumentException(span.head + " has no span");
            }
        });
        int size = groupSize(settings.rho(), spans.size());
        List<Head> local = first(spans.stream(), size, Comparator.comparingDouble(ScoredHead::value));
        Set<Head> taken = new HashSet<>(local);
        List<Head> global = first(spans.stream().filter(span -> !taken.contains(span.head)), size, LARGEST);
        SortedMap<Integer, float[]> recorded = new TreeMap<>();
        spanTokens.forEach((layer, values) -> recorded.put(layer, toFloats(values)));
        return new HeadGroups(List.copyOf(spanTokens.keySet()), recorded, local, global, receiver, settings);
    }

    /**
     * Number of local heads among the candidate heads, which is also the number of global heads.
     *
     * @throws BadInputException if there are fewer than 2 heads, or with this rho a group is empty or the two overlap
     */
    public static int groupSize(double rho, int heads) {
        RhythmSettings.requireRho("rho", rho);
        if (heads < 2) {
            throw new BadInputException("the chosen layers have " + heads
                    + " head; local and global heads need at least 2: choose more layers");
        }
        int size = Shares.count(rho, heads);
        if (size == 0 || 2 * size > heads) {
            throw new BadInputException("rho " + rho + " of " + heads + " heads is " + size
                    + " local and as many global heads; the groups need a head each and must not overlap: choose a rho"
                    + " nearer 0.3");
        }
        return size;
    }

    static List<ScoredHead> scoredHeads(SortedMap<Integer, double[]> values) {
        List<ScoredHead> heads = new ArrayList<>();
        values.forEach((layer, row) -> {
            for (int head = 0; head < row.length; head++) {
                heads.add(new ScoredHead(new Head(layer, head), row[head]));
            }
        });
        return heads;
    }

    static List<Head> first(Stream<ScoredHead> candidates, int count, Comparator<ScoredHead> order) {
        return candidates
                .sorted(order.thenComparing(ScoredHead::head))
                .limit(count)
                .map(ScoredHead::head)
                .sorted()
                .toList();
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** A head with the value by which it is ranked. */
    record ScoredHead(Head head, double value) {}
}
