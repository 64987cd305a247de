package dev.upbeat.linkage;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Anchors of a response: peaks of FAI relative to the FAI of tokens at similar positions (docs/method.md, section 4).
 *
 * <p>With a horizon open to the end, the FAI of a late token averages only a few near rows, and attention is strongest
 * at short distances. So in a long response FAI is flat and rises steeply at the end, and its largest values only mark
 * the end. Therefore each token is compared only with tokens that are followed by a similar number of tokens.
 */
public final class Anchors {
    /** Number of last tokens that are never anchors: their FAI averages fewer rows than this. */
    private static final int TAIL = 10;

    private Anchors() {}

    /**
     * Strength of each token: its FAI divided by the median FAI of the tokens that are followed by at least half and at most
     * twice as many response tokens.
     *
     * @param fai [T], NaN where undefined
     * @return [T]; NaN where FAI is undefined, at the last 10 tokens, and where the median is 0
     */
    public static float[] strength(float[] fai) {
        int length = fai.length;
        SlidingMedian window = new SlidingMedian(fai);
        float[] strength = new float[length];
        Arrays.fill(strength, Float.NaN);
        int from = 0;
        int to = 0;
        for (int t = 0; t + TAIL < length; t++) {
            int following = length - 1 - t;
            for (; to < length && 2 * (length - 1 - to) >= following; to++) {
                window.add(to);
            }
            for (; length - 1 - from > 2 * following; from++) {
                window.remove(from);
            }
            float median = Float.isNaN(fai[t]) ? 0 : window.median();
            strength[t] = median > 0 ? fai[t] / median : Float.NaN;
        }
        return strength;
    }

    /**
     * Positions of the anchors, ascending: the peaks of the strength.
     *
     * @param fai [T], NaN where undefined
     * @param share peak_q in (0, 1]
     */
    public static int[] of(float[] fai, double share) {
        return Peaks.of(strength(fai), share);
    }

    /** Median of a window of a series, in time logarithmic in its length: a Fenwick tree of counts over the values' ranks. */
    private static final class SlidingMedian {
        private final float[] sorted;
        private final int[] rankOf;
        private final int[] counts;
        private int size;

        /** @param series NaN values are left out */
        SlidingMedian(float[] series) {
            Integer[] order = IntStream.range(0, series.length)
                    .filter(t -> !Float.isNaN(series[t]))
                    .boxed()
                    .sorted((a, b) -> Float.compare(series[a], series[b]))
                    .toArray(Integer[]::new);
            sorted = new float[order.length];
            rankOf = new int[series.length];
            counts = new int[order.length + 1];
            Arrays.fill(rankOf, -1);
            for (int rank = 0; rank < order.length; rank++) {
                sorted[rank] = series[order[rank]];
                rankOf[order[rank]] = rank;
            }
        }

        void add(int position) {
            count(position, 1);
        }

        void remove(int position) {
            count(position, -1);
        }

        private void count(int position, int change) {
            if (rankOf[position] >= 0) {
                size += change;
                for (int i = rankOf[position] + 1; i < counts.length; i += i & -i) {
                    counts[i] += change;
                }
            }
        }

        /** Mean of the middle two for an even number; of at least one value. */
        float median() {
            float upper = atRank(size / 2);
            return size % 2 == 1 ? upper : (atRank(size / 2 - 1) + upper) / 2;
        }

        /** The value of the window with this many others before it. */
        private float atRank(int before) {
            int position = 0;
            int left = before;
            for (int step = Integer.highestOneBit(counts.length); step > 0; step >>= 1) {
                if (position + step < counts.length && counts[position + step] <= left) {
                    position += step;
                    left -= counts[position];
                }
            }
            return sorted[position];
        }
    }
}
