package dev.upbeat.linkage;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * The linkages between WAAD, FAI, receiver FAI and entropy over a set of responses (docs/method.md, section 4).
 *
 * <p>Source: arXiv 2510.13554 v2, Tables 2, 10-12 and 20. Choices and additions to the paper:
 *
 * <ol>
 *   <li>Peaks are found on the whole series. Tokens outside the {@link TokenScope} and tokens at which one of the two
 *       series is undefined are dropped afterwards. A dropped token is not a peak of either series, does not count in
 *       chance, and cannot receive a shuffled peak. Distances remain those of the whole response.
 *   <li>Shares and means are pooled over the peaks of all responses, so a long response weighs more.
 *   <li>Chance is the mean over shuffles that move the peaks within their response and keep their number, for all three
 *       linkages: lift, interval and p-value then refer to the same null hypothesis. The paper compares the first two
 *       with all tokens, pooled over the responses; that value is reported beside chance ({@link PeakTestResult#pooled}).
 *   <li>Each linkage has a 95% percentile bootstrap interval over responses and a one-sided permutation p-value.
 *       Shuffled peaks may be neighbours, but peaks never are. Therefore, with a lag of 1 or more, the p-value of the third linkage is conservative.
 *   <li>Each linkage is also computed without punctuation and line-break tokens. Linkages that involve FAI are also
 *       computed without the last tokens of each response, and without both.
 *   <li>Each linkage can be computed over one third of every response, and compared with shuffles within thirds ({@link
 *       LinkageSettings}), because position is a confounder.
 * </ol>
 */
public final class Linkage {
    private Linkage() {}

    /**
     * Computes all linkages and overlaps of a set of responses. The same seed gives the same result.
     *
     * @param responses responses of one model to one task, measured with the same head groups
     */
    public static LinkageStudy study(List<TokenSeries> responses, LinkageSettings settings) {
        List<PeakedResponse> peaked = peaked(responses, settings);
        return new LinkageStudy(responses.size(), settings, linkages(peaked, settings), overlaps(peaked, settings));
    }

    private static List<PeakedResponse> peaked(List<TokenSeries> responses, LinkageSettings settings) {
        return responses.stream()
                .map(series -> new PeakedResponse(series, settings.peakShare()))
                .toList();
    }

    /**
     * Tests each row of the overlap table, in the order of first and second series. Pairs with a missing series or without
     * peaks are absent. Chance is the mean under shuffles that never put two peaks side by side: peaks are never
     * neighbours, and free shuffles would have a larger variance. The same seed gives the same result.
     */
    public static List<OverlapTestResult> overlapTests(
            List<TokenSeries> responses, TokenScope scope, LinkageSettings settings) {
        List<PeakedResponse> peaked = peaked(responses, settings);
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        List<OverlapTestResult> tests = new ArrayList<>();
        for (PeakOverlap overlap : overlaps(peaked, settings)) {
            SplittableRandom random = seeds.split();
            if (overlap.scope() == scope && overlap.peaks() > 0) {
                tests.add(new OverlapTestResult(overlap, overlapTest(peaked, overlap, settings, random)));
            }
        }
        return tests;
    }

    /**
     * The overlap table of a single response over all tokens, in the order of first and second series. Pairs with a
     * missing series are absent.
     */
    public static List<PeakOverlap> overlaps(TokenSeries response, LinkageSettings settings) {
        return overlaps(peaked(List.of(response), settings), settings).stream()
                .filter(overlap -> overlap.scope() == TokenScope.ALL_TOKENS)
                .toList();
    }

    private static PeakTestResult overlapTest(
            List<PeakedResponse> responses, PeakOverlap overlap, LinkageSettings settings, SplittableRandom random) {
        List<ScoredPeaks> scored = new ArrayList<>();
        for (PeakedResponse response : responses) {
            boolean[] inScope = response.inScope(overlap.scope(), settings, overlap.first(), overlap.second());
            boolean[] second = response.peaks(overlap.second(), inScope);
            scored.add(ScoredPeaks.of(
                    settings.strata(),
                    inScope,
                    response.peaks(overlap.first(), inScope),
                    position -> PeakOverlap.isNear(second, position) ? 1 : 0));
        }
        return new PeakStatistic(withTokens(scored), true, settings, random).test();
    }

    /**
     * The contribution of each response to a linkage, in the order of the responses. Responses without a token in scope are
     * absent. The list is empty if any response lacks a series of the linkage.
     */
    public static List<LinkageRow> rows(
            List<TokenSeries> responses, LinkageKind kind, TokenScope scope, LinkageSettings settings) {
        List<PeakedResponse> peaked = peaked(responses, settings);
        List<LinkageRow> rows = new ArrayList<>();
        if (isDefined(peaked, scope, kind.peaks(), kind.target())) {
            for (int r = 0; r < peaked.size(); r++) {
                ScoredPeaks scored = score(peaked.get(r), kind, scope, settings);
                if (scored.tokens() > 0) {
                    rows.add(new LinkageRow(r, scored.tokens(), scored.peaks(), scored.peakSum(), scored.tokenSum()));
                }
            }
        }
        return rows;
    }

    private static List<ScoredPeaks> withTokens(List<ScoredPeaks> scored) {
        return scored.stream().filter(response -> response.tokens() > 0).toList();
    }

    private static List<LinkageResult> linkages(List<PeakedResponse> responses, LinkageSettings settings) {
        List<LinkageResult> results = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        for (LinkageKind kind : LinkageKind.values()) {
            for (TokenScope scope : TokenScope.values()) {
                // Split for skipped results too, so that a result does not depend on which others are computed.
                SplittableRandom random = seeds.split();
                if ((scope != TokenScope.ALL_TOKENS && !kind.controls().contains(scope))
                        || !isDefined(responses, scope, kind.peaks(), kind.target())) {
                    continue;
                }
                List<ScoredPeaks> scored = withTokens(responses.stream()
                        .map(response -> score(response, kind, scope, settings))
                        .toList());
                if (scored.stream().anyMatch(response -> response.peaks() > 0)) {
                    results.add(
                            new LinkageResult(kind, scope, new PeakStatistic(scored, false, settings, random).test()));
                }
            }
        }
        return results;
    }

    private static ScoredPeaks score(
            PeakedResponse response, LinkageKind kind, TokenScope scope, LinkageSettings settings) {
        boolean[] inScope = response.inScope(scope, settings, kind.peaks(), kind.target());
        boolean[] peaks = response.peaks(kind.peaks(), inScope);
        boolean[] targets = response.peaks(kind.target(), inScope);
        IntToDoubleFunction score =
                switch (kind) {
                    case ENTROPY_AT_WAAD_PEAKS -> position -> response.values(Metric.ENTROPY)[position];
                    case FAI_PEAKS_AT_RECEIVER_PEAKS -> position -> targets[position] ? 1 : 0;
                    case FAI_PEAKS_AFTER_WAAD_PEAKS -> position -> follows(targets, position, settings.lag()) ? 1 : 0;
                };
        return ScoredPeaks.of(settings.strata(), inScope, peaks, score);
    }

    private static boolean follows(boolean[] targets, int position, int lag) {
        for (int distance = 0; distance <= Math.min(lag, position); distance++) {
            if (targets[position - distance]) {
                return true;
            }
        }
        return false;
    }

    private static List<PeakOverlap> overlaps(List<PeakedResponse> responses, LinkageSettings settings) {
        List<PeakOverlap> overlaps = new ArrayList<>();
        for (TokenScope scope : TokenScope.values()) {
            for (Metric first : Metric.values()) {
                for (Metric second : Metric.values()) {
                    if (first != second && isDefined(responses, scope, first, second)) {
                        overlaps.add(PeakOverlap.of(first, second, scope, settings, responses));
                    }
                }
            }
        }
        return overlaps;
    }

    /** Whether all responses have both series. A statistic over some of them could be taken for one over all. */
    private static boolean isDefined(List<PeakedResponse> responses, TokenScope scope, Metric first, Metric second) {
        return responses.stream()
                .allMatch(response -> response.has(scope) && response.has(first) && response.has(second));
    }
}
