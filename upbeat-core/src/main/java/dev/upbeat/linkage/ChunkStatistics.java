package dev.upbeat.linkage;

import dev.upbeat.credit.Couplings;
import dev.upbeat.series.Quantile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chunks and couplings of a set of responses, with chance levels (docs/method.md, section 4). The paper shows both only
 * in pictures, so these statistics are choices of this project.
 *
 * @param chunks number of chunks
 * @param meanTokens mean length of a chunk, tokens
 * @param quartiles 25, 50 and 75 % quantiles of the lengths, tokens
 * @param meanDepth mean depth of the chunks that start at a peak, tokens of WAAD; null if there is none
 * @param coupled share of the anchors that are locally dominated, so that a token introduces them, beside the mean
 *     under shuffles of the anchors; null if there is no anchor
 * @param boundaries share of the WAAD peaks, where chunks start, that are at most one token from punctuation or a line
 *     break, beside the mean under shuffles of the peaks; null without a peak or without token texts
 */
public record ChunkStatistics(
        int chunks,
        double meanTokens,
        double[] quartiles,
        @Nullable Double meanDepth,
        @Nullable PeakTestResult coupled,
        @Nullable PeakTestResult boundaries) {
    /**
     * @param responses responses of one model to one task, at least one token in all
     * @param settings peak_q, numbers of shuffles and resamples, and seed
     */
    public static ChunkStatistics of(List<TokenSeries> responses, LinkageSettings settings) {
        List<Chunk> chunks = responses.stream()
                .flatMap(response -> Chunk.of(response.waad(), settings.peakShare()).stream())
                .toList();
        float[] lengths = new float[chunks.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = chunks.get(i).tokens();
        }
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        SplittableRandom first = seeds.split();
        return new ChunkStatistics(
                lengths.length,
                chunks.stream().mapToInt(Chunk::tokens).average().orElse(Double.NaN),
                new double[] {Quantile.of(lengths, 0.25), Quantile.of(lengths, 0.5), Quantile.of(lengths, 0.75)},
                meanDepth(chunks),
                test(responses.stream().map(ChunkStatistics::anchors).toList(), settings, first),
                responses.stream().anyMatch(response -> response.tokens() == null)
                        ? null
                        : test(
                                responses.stream()
                                        .map(response -> starts(response, settings.peakShare()))
                                        .toList(),
                                settings,
                                seeds.split()));
    }

    private static @Nullable Double meanDepth(List<Chunk> chunks) {
        double[] depths = chunks.stream()
                .filter(chunk -> chunk.depth() != null)
                .mapToDouble(Chunk::depth)
                .toArray();
        return depths.length == 0
                ? null
                : Double.valueOf(Arrays.stream(depths).average().orElseThrow());
    }

    private static @Nullable PeakTestResult test(
            List<ScoredPeaks> scored, LinkageSettings settings, SplittableRandom random) {
        List<ScoredPeaks> counting =
                scored.stream().filter(response -> response.tokens() > 0).toList();
        return counting.stream().allMatch(response -> response.peaks() == 0)
                ? null
                : new PeakStatistic(counting, false, settings, random).test();
    }

    /** Data of the coupled share: the peaks are the anchors; a token with FAI scores 1 if it would be dominated. */
    private static ScoredPeaks anchors(TokenSeries response) {
        boolean[] dominated = Couplings.dominated(response.waad());
        boolean[] inScope = new boolean[response.length()];
        for (int t = 0; t < inScope.length; t++) {
            inScope[t] = !Float.isNaN(response.fai()[t]);
        }
        boolean[] anchors = Couplings.of(response.waad(), response.fai()).anchors();
        return scored(inScope, anchors, t -> dominated[t] ? 1 : 0);
    }

    /**
     * Data of the boundary share: the peaks are WAAD peaks; a token scores 1 if punctuation is at most one token away.
     */
    private static ScoredPeaks starts(TokenSeries response, double peakShare) {
        List<String> tokens = response.tokens() == null ? List.of() : response.tokens();
        boolean[] near = new boolean[response.length()];
        for (int t = 0; t < near.length; t++) {
            if (Punctuation.isPunctuationOrLineBreak(tokens.get(t))) {
                Arrays.fill(near, Math.max(0, t - 1), Math.min(near.length, t + 2), true);
            }
        }
        boolean[] peaks = new boolean[near.length];
        for (int peak : Peaks.of(response.waad(), peakShare)) {
            peaks[peak] = true;
        }
        boolean[] inScope = new boolean[near.length];
        Arrays.fill(inScope, true);
        return scored(inScope, peaks, t -> near[t] ? 1 : 0);
    }

    private static ScoredPeaks scored(boolean[] inScope, boolean[] peaks, IntToDoubleFunction score) {
        return ScoredPeaks.of(List.of(ResponsePart.WHOLE), inScope, peaks, score);
    }

    /** The chunks, and each share with its chance level, a sentence each. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        texts.add(LinkageText.format(
                "A chunk, from one WAAD peak to the next, has %.1f tokens on average (quartiles %.0f, %.0f and %.0f; %s).",
                meanTokens, quartiles[0], quartiles[1], quartiles[2], LinkageText.counted(chunks, "chunk")));
        if (coupled != null) {
            texts.add(LinkageText.share(
                    coupled,
                    "token of highest FAI",
                    "tokens of highest FAI",
                    "coupled with a leap of WAAD shortly before"));
        }
        if (boundaries != null) {
            texts.add(LinkageText.share(
                    boundaries, "WAAD peak", "WAAD peaks", "at most one token from punctuation or a line break"));
        }
        return texts;
    }
}
