package dev.upbeat.series;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** TopQ(x, q) of docs/method.md, sections 4 and 6: the positions of the largest defined values of a series. */
public final class TopQ {
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
        // The sort is stable, so ties go to the earlier position. Adding 0 makes -0 equal to 0: an entropy of 0 is
        // often computed as -0.
        Comparator<Integer> largestFirst = (first, second) -> Float.compare(series[second] + 0f, series[first] + 0f);
        return IntStream.range(0, series.length)
                .filter(position -> !Float.isNaN(series[position]))
                .boxed()
                .sorted(largestFirst)
                .limit(Shares.count(q, series.length))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** The same selection as a mask over the T positions. */
    public static boolean[] mask(float[] series, double q) {
        boolean[] mask = new boolean[series.length];
        Arrays.stream(positions(series, q)).forEach(position -> mask[position] = true);
        return mask;
    }
}
