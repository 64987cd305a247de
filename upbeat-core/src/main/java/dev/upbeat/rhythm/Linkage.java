package dev.upbeat.rhythm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * The linkages between WAAD, FAI, receiver FAI and entropy over a set of responses (METHOD section 4).
 *
 * <p>Source: arXiv 2510.13554 v2, Tables 2, 10-12 and 20. Choices, and what is added to the paper:
 *
 * <ol>
 *   <li>Peaks are found on the whole series. Tokens that a {@link TokenScope} leaves out, and those where one of the two
 *       series is undefined, are then dropped everywhere: as peaks of either series, as tokens that chance is taken over
 *       and as places that a shuffled peak may take. Distances stay those of the whole response.
 *   <li>Shares, means and chance are pooled over the tokens of all responses, so a long response weighs more.
 *   <li>Each linkage has a 95% percentile bootstrap interval over responses, and a one-sided permutation p-value: peaks
 *       are shuffled within each response, their count kept. Shuffled peaks may be neighbours, which peaks never are, so
 *       with a lag of 1 or more the p-value of the third linkage errs on the side of chance.
 *   <li>Each is also reported with punctuation and line-break tokens left out, those with FAI in them also without the
 *       last tokens of each response, and without both.
 * </ol>
 */
public final class Linkage {
    private Linkage() {}

    /**
     * Holds the peaks of a set of responses against each other. The same seed gives the same result.
     *
     * @param responses of one model, task and choice of heads
     */
    public static LinkageStudy study(List<TokenSeries> responses, LinkageSettings settings) {
        List<PeakedResponse> peaked = responses.stream()
                .map(series -> new PeakedResponse(series, settings.peakShare()))
                .toList();
        return new LinkageStudy(
                responses.size(), settings, linkages(peaked, settings), overlaps(peaked, settings.tail()));
    }

    private static List<LinkageResult> linkages(List<PeakedResponse> responses, LinkageSettings settings) {
        List<LinkageResult> results = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        for (LinkageKind kind : LinkageKind.values()) {
            for (TokenScope scope : TokenScope.values()) {
                // Split for absent ones too, so that a result does not depend on which others there are.
                SplittableRandom random = seeds.split();
                if (scope.dropsTail() && !kind.concernsFai()
                        || !canBeHad(responses, scope, kind.peaks(), kind.target())) {
                    continue;
                }
                List<ScoredPeaks> scored = responses.stream()
                        .map(response -> score(response, kind, scope, settings))
                        .filter(response -> response.tokens() > 0)
                        .toList();
                if (scored.stream().anyMatch(response -> response.peaks() > 0)) {
                    results.add(
                            new PeakStatistic(scored, kind.chanceByShuffling(), settings, random).result(kind, scope));
                }
            }
        }
        return results;
    }

    private static ScoredPeaks score(
            PeakedResponse response, LinkageKind kind, TokenScope scope, LinkageSettings settings) {
        boolean[] inScope = response.inScope(scope, settings.tail(), kind.peaks(), kind.target());
        boolean[] peaks = response.peaks(kind.peaks(), inScope);
        boolean[] targets = response.peaks(kind.target(), inScope);
        IntToDoubleFunction score =
                switch (kind) {
                    case ENTROPY_AT_WAAD_PEAKS -> position -> response.values(Metric.ENTROPY)[position];
                    case FAI_PEAKS_AT_RECEIVER_PEAKS -> position -> targets[position] ? 1 : 0;
                    case FAI_PEAKS_AFTER_WAAD_PEAKS -> position -> follows(targets, position, settings.lag()) ? 1 : 0;
                };
        return ScoredPeaks.of(inScope, peaks, score);
    }

    private static boolean follows(boolean[] targets, int position, int lag) {
        for (int distance = 0; distance <= Math.min(lag, position); distance++) {
            if (targets[position - distance]) {
                return true;
            }
        }
        return false;
    }

    private static List<PeakOverlap> overlaps(List<PeakedResponse> responses, int tail) {
        List<PeakOverlap> overlaps = new ArrayList<>();
        for (TokenScope scope : TokenScope.values()) {
            for (Metric first : Metric.values()) {
                for (Metric second : Metric.values()) {
                    if (first != second && canBeHad(responses, scope, first, second)) {
                        overlaps.add(PeakOverlap.of(first, second, scope, tail, responses));
                    }
                }
            }
        }
        return overlaps;
    }

    /** All responses or none: a statistic over another set of responses would pass for one over all of them. */
    private static boolean canBeHad(List<PeakedResponse> responses, TokenScope scope, Metric first, Metric second) {
        return responses.stream()
                .allMatch(response -> response.has(scope) && response.has(first) && response.has(second));
    }
}
