package dev.upbeat.series;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** TopQ(x, q) of docs/method.md, sections 4 and 6: the positions of the largest defined values of a series. */
public final class TopQ {
    /** Which of several equal values is selected. */
    public enum Ties {
        EARLIER,
        LATER
    }

    private TopQ() {}

    /**
     * The ceil(q * T) positions of the largest defined values, ties to the earlier position. T counts undefined values
     * too; if fewer values are defined, all of them are selected.
     *
     * @param series [T], NaN where undefined
     * @param q share in (0, 1]
     * @return positions, ascending
     */
    public static int[] positions(float[] series, double q) {
        return positions(series, q, Ties.EARLIER);
    }

    /** The same selection with ties to the earlier or the later position. */
    public static int[] positions(float[] series, double q, Ties ties) {
        // Adding 0 makes -0 equal to 0: an entropy of 0 is often computed as -0.
        Comparator<Integer> largestFirst = (first, second) -> Float.compare(series[second] + 0f, series[first] + 0f);
        largestFirst = largestFirst.thenComparing(
                ties == Ties.EARLIER ? Comparator.<Integer>naturalOrder() : Comparator.<Integer>reverseOrder());
        return IntStream.range(0, series.length)
                .filter(position -> !Float.isNaN(series[position]))
                .boxed()
                .sorted(largestFirst)
                .limit(Shares.count(q, series.length))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** The selection with ties to the earlier position, as a mask over the T positions. */
    public static boolean[] mask(float[] series, double q) {
        return mask(series, q, Ties.EARLIER);
    }

    /** The selection as a mask over the T positions. */
    public static boolean[] mask(float[] series, double q, Ties ties) {
        boolean[] mask = new boolean[series.length];
        Arrays.stream(positions(series, q, ties)).forEach(position -> mask[position] = true);
        return mask;
    }
}
