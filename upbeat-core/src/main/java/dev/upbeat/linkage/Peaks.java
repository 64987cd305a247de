package dev.upbeat.linkage;

import dev.upbeat.series.TopQ;
import java.util.stream.IntStream;

/**
 * Peaks of a token series: local maxima among the series' largest values (docs/method.md, section 4).
 *
 * <p>Source: arXiv 2510.13554 v2, Tables 2 and 10-12; the paper leaves the definition of a peak open. Choices:
 *
 * <ol>
 *   <li>A local maximum is at least as large as both neighbours and larger than at least one. It must also be among the
 *       ceil(q * T) largest values of the series, q = {@link #DEFAULT_SHARE} by default.
 *   <li>An end point and a position beside an undefined value have one neighbour.
 *   <li>A plateau (equal values side by side) is one point whose neighbours are the values before and after it, and its
 *       first position is the peak. Therefore a step of a staircase, a constant series and a single value have no peak.
 * </ol>
 */
public final class Peaks {
    /** Default of peak_q: peaks are among this share of the response's tokens with the largest values. */
    public static final double DEFAULT_SHARE = 0.3;

    private Peaks() {}

    /**
     * Finds the peaks of a series.
     *
     * @param series [T], NaN where undefined
     * @param share peak_q in (0, 1]
     * @return positions of the peaks, ascending
     */
    public static int[] of(float[] series, double share) {
        boolean[] top = TopQ.mask(series, share);
        return IntStream.range(0, series.length)
                .filter(position -> top[position] && startsLocalMaximum(series, position))
                .toArray();
    }

    private static boolean startsLocalMaximum(float[] series, int start) {
        float value = series[start];
        float before = start > 0 ? series[start - 1] : Float.NaN;
        int end = start + 1;
        while (end < series.length && series[end] == value) {
            end++;
        }
        float after = end < series.length ? series[end] : Float.NaN;
        // A missing neighbour is NaN, and every comparison with NaN is false.
        boolean aboveOne = value > before || value > after;
        boolean belowOne = value < before || value < after;
        return value != before && aboveOne && !belowOne;
    }
}
