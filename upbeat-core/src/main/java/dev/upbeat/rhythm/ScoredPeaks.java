package dev.upbeat.rhythm;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One response's part in a linkage.
 *
 * @param scores of its tokens in scope
 * @param peaks how many of those tokens are peaks
 * @param peakSum sum of the scores at the peaks
 */
record ScoredPeaks(double[] scores, int peaks, double peakSum) {
    static ScoredPeaks of(boolean[] inScope, boolean[] isPeak, IntToDoubleFunction score) {
        int[] tokens = IntStream.range(0, inScope.length)
                .filter(position -> inScope[position])
                .toArray();
        int[] peaks = IntStream.of(tokens).filter(position -> isPeak[position]).toArray();
        return new ScoredPeaks(
                IntStream.of(tokens).mapToDouble(score).toArray(),
                peaks.length,
                IntStream.of(peaks).mapToDouble(score).sum());
    }

    int tokens() {
        return scores.length;
    }
}
