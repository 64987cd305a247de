package dev.upbeat.linkage;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Scores and peaks of one response, from which a statistic is pooled.
 *
 * @param strata tokens in scope, in one or several groups within which peaks are shuffled
 * @param peakSum sum of the scores at the peaks
 */
record ScoredPeaks(List<Stratum> strata, double peakSum) {
    /**
     * A group of tokens within which peaks are shuffled.
     *
     * @param scores score of each token
     * @param peaks number of these tokens that are peaks
     */
    record Stratum(double[] scores, int peaks) {
        double sum() {
            return Arrays.stream(scores).sum();
        }

        /** Expected sum of the scores at the peaks if each choice of {@code peaks} tokens is equally likely. */
        double expectedSum() {
            return peaks == 0 ? 0 : peaks * (sum() / scores.length);
        }
    }

    /** A response with a single stratum. */
    ScoredPeaks(double[] scores, int peaks, double peakSum) {
        this(List.of(new Stratum(scores, peaks)), peakSum);
    }

    /** @param parts parts of the response; each is a stratum */
    static ScoredPeaks of(List<ResponsePart> parts, boolean[] inScope, boolean[] isPeak, IntToDoubleFunction score) {
        List<Stratum> strata = parts.stream()
                .map(part -> stratum(part, inScope, isPeak, score))
                .toList();
        double peakSum = IntStream.range(0, inScope.length)
                .filter(position -> inScope[position] && isPeak[position])
                .mapToDouble(score)
                .sum();
        return new ScoredPeaks(strata, peakSum);
    }

    private static Stratum stratum(ResponsePart part, boolean[] inScope, boolean[] isPeak, IntToDoubleFunction score) {
        int[] tokens = IntStream.range(part.start(inScope.length), part.end(inScope.length))
                .filter(position -> inScope[position])
                .toArray();
        int peaks =
                (int) IntStream.of(tokens).filter(position -> isPeak[position]).count();
        return new Stratum(IntStream.of(tokens).mapToDouble(score).toArray(), peaks);
    }

    int tokens() {
        return strata.stream().mapToInt(stratum -> stratum.scores.length).sum();
    }

    int peaks() {
        return strata.stream().mapToInt(Stratum::peaks).sum();
    }

    double tokenSum() {
        return strata.stream().mapToDouble(Stratum::sum).sum();
    }

    /** Mean of the sum of scores at the peaks over all shuffles within the strata. */
    double expectedSum() {
        return strata.stream().mapToDouble(Stratum::expectedSum).sum();
    }
}
