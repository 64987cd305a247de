package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Linkages worked by hand. {@link #RESPONSE} has T = 10, so ceil(0.3 * 10) = 3 values are large enough for a peak:
 *
 * <pre>
 * position    0    1    2    3    4    5    6    7    8    9
 * WAAD        1    5*   1    1    4*   1    1    6*   1    1     peaks 1, 4, 7
 * FAI         1    1    7*   1    8*   1    6*   1    1    -     peaks 2, 4, 6
 * receiver    1    1    1    1    9*   1    8*   1    7*   -     peaks 4, 6, 8: 8 has the neighbour 7 only
 * entropy    .1   .9*  .1   .1   .8*  .1   .1   .1   .1   .1     peaks 1, 4: of the ties position 0 is the third largest
 * token       a    b    c    d    ,    f    g    h    i    j
 * </pre>
 */
class LinkageTest {
    private static final float NAN = Float.NaN;
    private static final Offset<Double> CLOSE = within(1e-6); // the entropies are floats
    private static final LinkageSettings SETTINGS = new LinkageSettings(0.3, 1, 2, 2_000, 2_000, 0);

    private static final float[] WAAD = {1, 5, 1, 1, 4, 1, 1, 6, 1, 1};
    private static final float[] FAI = {1, 1, 7, 1, 8, 1, 6, 1, 1, NAN};
    private static final float[] RECEIVER = {1, 1, 1, 1, 9, 1, 8, 1, 7, NAN};
    private static final float[] ENTROPY = {.1f, .9f, .1f, .1f, .8f, .1f, .1f, .1f, .1f, .1f};
    private static final List<String> TOKENS = List.of("a", "b", "c", "d", ",", "f", "g", "h", "i", "j");
    private static final TokenSeries RESPONSE = new TokenSeries(WAAD, FAI, RECEIVER, ENTROPY, TOKENS);

    /** T = 4, two values are large enough: WAAD peaks at 0 and 3, FAI and receiver FAI at 1, entropy nowhere. */
    private static final TokenSeries SHORT = new TokenSeries(
            new float[] {3, 1, 1, 2},
            new float[] {1, 4, 3, NAN},
            new float[] {1, 2, 1, NAN},
            new float[] {.5f, .5f, .5f, .5f},
            List.of("a", "b", "c", "d"));

    private static PeakTestResult result(LinkageKind kind, TokenScope scope, TokenSeries... responses) {
        return Linkage.study(List.of(responses), SETTINGS).linkages().stream()
                .filter(result -> result.kind() == kind && result.scope() == scope)
                .findFirst()
                .orElseThrow()
                .test();
    }

    private static TokenSeries without(float @Nullable [] receiver, @Nullable List<String> tokens) {
        return new TokenSeries(WAAD, FAI, receiver, ENTROPY, tokens);
    }

    @Test
    void entropyAtWaadPeaks() {
        PeakTestResult result = result(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.ALL_TOKENS, RESPONSE);
        assertThat(result.peaks()).isEqualTo(3);
        assertThat(result.tokens()).isEqualTo(10);
        assertThat(result.observed()).isCloseTo((.9 + .8 + .1) / 3, CLOSE);
        assertThat(result.chance()).isCloseTo((.9 + .8 + 8 * .1) / 10, CLOSE);
        assertThat(result.lift()).isCloseTo(1.4, within(1e-5));
        // as high only where both 1 and 4 are drawn: 8 of the C(10, 3) = 120 draws
        assertPermutation(result, 8 / 120.0);
    }

    @Test
    void receiverPeaksThatAreFaiPeaks() {
        PeakTestResult result = result(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS, TokenScope.ALL_TOKENS, RESPONSE);
        assertThat(result.peaks()).isEqualTo(3);
        assertThat(result.tokens()).as("where both are defined").isEqualTo(9);
        assertThat(result.observed()).isCloseTo(2 / 3.0, CLOSE);
        assertThat(result.chance()).isCloseTo(3 / 9.0, CLOSE);
        assertThat(result.lift()).isCloseTo(1.0, CLOSE);
        // 3 of 9 drawn, 3 of 9 hit: (C(3, 2) * 6 + 1) / C(9, 3)
        assertPermutation(result, 19 / 84.0);
    }

    @Test
    void faiPeaksThatFollowWaadPeaks() {
        PeakTestResult result = result(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, RESPONSE);
        // 2 follows 1, 4 coincides with 4, 6 comes before 7
        assertThat(result.observed()).isCloseTo(2 / 3.0, CLOSE);
        // shuffled, each peak is a hit at 1 2 4 5 7 8 of the positions 0 .. 8
        assertThat(result.chance()).isCloseTo(6 / 9.0, CLOSE);
        assertThat(result.pooled()).isCloseTo(6 / 9.0, CLOSE);
        // at least two hits: (C(6, 2) * 3 + C(6, 3)) / C(9, 3)
        assertPermutation(result, 65 / 84.0);
    }

    @Test
    void aLagOfZeroAsksForTheSamePosition() {
        LinkageSettings settings = new LinkageSettings(0.3, 0, 2, 2_000, 2_000, 0);
        PeakTestResult result = Linkage.study(List.of(RESPONSE), settings).linkages().stream()
                .filter(each -> each.kind() == LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS)
                .findFirst()
                .orElseThrow()
                .test();
        assertThat(result.observed()).isCloseTo(1 / 3.0, CLOSE);
        assertThat(result.chance()).isCloseTo(3 / 9.0, CLOSE);
    }

    @Test
    void excludedPunctuationIsNeitherPeakNorChance() {
        TokenScope scope = TokenScope.WITHOUT_PUNCTUATION; // position 4 is a comma
        PeakTestResult entropy = result(LinkageKind.ENTROPY_AT_WAAD_PEAKS, scope, RESPONSE);
        assertThat(entropy.observed()).isCloseTo((.9 + .1) / 2, CLOSE);
        assertThat(entropy.chance()).isCloseTo((.9 + 8 * .1) / 9, CLOSE);
        // receiver peaks 6 and 8, FAI peaks 2 and 6 among eight tokens
        PeakTestResult receivers = result(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS, scope, RESPONSE);
        assertThat(receivers.observed()).isCloseTo(1 / 2.0, CLOSE);
        assertThat(receivers.chance()).isCloseTo(2 / 8.0, CLOSE);
        // FAI peaks 2 and 6, WAAD peaks 1 and 7; hits at 1 2 7 8, position 5 no more behind a peak
        PeakTestResult follows = result(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, scope, RESPONSE);
        assertThat(follows.peaks()).isEqualTo(2);
        assertThat(follows.tokens()).isEqualTo(8);
        assertThat(follows.observed()).isCloseTo(1 / 2.0, CLOSE);
        assertThat(follows.chance()).isCloseTo(4 / 8.0, CLOSE);
    }

    @Test
    void theExcludedTailIsTheLastTokens() {
        // tail = 2: positions 8 and 9; receiver peaks 4 and 6, FAI peaks 2, 4 and 6 among eight tokens
        PeakTestResult receivers = result(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS, TokenScope.WITHOUT_TAIL, RESPONSE);
        assertThat(receivers.tokens()).isEqualTo(8);
        assertThat(receivers.observed()).isEqualTo(1);
        assertThat(receivers.chance()).isCloseTo(3 / 8.0, CLOSE);
        PeakTestResult both =
                result(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS, TokenScope.WITHOUT_PUNCTUATION_AND_TAIL, RESPONSE);
        assertThat(both.tokens()).isEqualTo(7);
        assertThat(both.peaks()).isEqualTo(1);
        assertThat(both.chance()).isCloseTo(2 / 7.0, CLOSE);
    }

    @Test
    void onlyLinkagesWithFaiAreReportedWithoutTheTail() {
        assertThat(Linkage.study(List.of(RESPONSE), SETTINGS).linkages())
                .extracting(LinkageResult::kind, LinkageResult::scope)
                .hasSize(10)
                .doesNotContain(
                        tuple(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.WITHOUT_TAIL),
                        tuple(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.WITHOUT_PUNCTUATION_AND_TAIL));
    }

    @Test
    void responsesArePooledByToken() {
        PeakTestResult entropy = result(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.ALL_TOKENS, RESPONSE, SHORT);
        assertThat(entropy.responses()).isEqualTo(2);
        assertThat(entropy.observed()).isCloseTo((.9 + .8 + .1 + .5 + .5) / 5, CLOSE);
        // each response's peaks stay in it: (3 * 2.5/10 + 2 * .5) / 5
        assertThat(entropy.chance()).isCloseTo(1.75 / 5, CLOSE);
        assertThat(entropy.pooled()).isCloseTo((2.5 + 4 * .5) / 14, CLOSE);
        PeakTestResult receivers =
                result(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS, TokenScope.ALL_TOKENS, RESPONSE, SHORT);
        // (3 * 3/9 + 1 * 1/3) / 4
        assertThat(receivers.chance()).isCloseTo(1 / 3.0, CLOSE);
        assertThat(receivers.pooled()).isCloseTo(4 / 12.0, CLOSE);
        // FAI peak 1 of the short response is behind its WAAD peak 0, where both are defined at 0 1 2 and hit at 0 1
        PeakTestResult follows = result(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, RESPONSE, SHORT);
        assertThat(follows.tokens()).isEqualTo(12);
        assertThat(follows.observed()).isCloseTo(3 / 4.0, CLOSE);
        // each response's peaks stay in it: (3 * 6/9 + 1 * 2/3) / 4
        assertThat(follows.chance()).isCloseTo(2 / 3.0, CLOSE);
    }

    @Test
    void statisticsOfMissingSeriesAreAbsent() {
        LinkageStudy study = Linkage.study(List.of(RESPONSE, without(null, TOKENS)), SETTINGS);
        assertThat(study.linkages())
                .extracting(LinkageResult::kind)
                .doesNotContain(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS);
        assertThat(study.overlaps()).extracting(PeakOverlap::first).doesNotContain(Metric.RECEIVER_FAI);
        study = Linkage.study(List.of(RESPONSE, without(RECEIVER, null)), SETTINGS);
        assertThat(study.linkages()).hasSize(5).noneMatch(result -> result.scope()
                .dropsPunctuation());
        assertThat(study.overlaps()).hasSize(24).noneMatch(overlap -> overlap.scope()
                .dropsPunctuation());
    }

    @Test
    void withoutPeaksThereIsNoLinkage() {
        float[] undefined = new float[10];
        Arrays.fill(undefined, NAN);
        LinkageStudy study = Linkage.study(List.of(without(undefined, TOKENS)), SETTINGS);
        assertThat(study.linkages())
                .extracting(LinkageResult::kind)
                .doesNotContain(LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS);
        assertThat(study.overlaps())
                .filteredOn(overlap -> overlap.first() == Metric.RECEIVER_FAI)
                .isNotEmpty()
                .allSatisfy(overlap -> {
                    assertThat(overlap.peaks()).isZero();
                    assertThat(overlap.share()).isNull();
                    assertThat(overlap.chance()).isNull();
                });
        assertThat(Linkage.study(List.of(), SETTINGS).linkages()).isEmpty();
    }

    @Test
    void theSeedDecidesTheDraws() {
        List<TokenSeries> responses = List.of(RESPONSE, SHORT, RESPONSE);
        LinkageStudy study = Linkage.study(responses, SETTINGS);
        assertThat(Linkage.study(responses, SETTINGS)).isEqualTo(study);
        LinkageStudy other = Linkage.study(responses, SETTINGS.withSeed(1));
        assertThat(other.linkages())
                .extracting(result -> result.test().pValue())
                .isNotEqualTo(study.linkages().stream()
                        .map(result -> result.test().pValue())
                        .toList());
        assertThat(other.linkages())
                .extracting(result -> result.test().observed())
                .isEqualTo(study.linkages().stream()
                        .map(result -> result.test().observed())
                        .toList());
    }

    @Test
    void aResultDoesNotDependOnWhichOthersThereAre() {
        List<LinkageResult> all =
                Linkage.study(List.of(RESPONSE, SHORT), SETTINGS).linkages();
        List<LinkageResult> fewer = Linkage.study(
                        List.of(RESPONSE, SHORT).stream()
                                .map(series ->
                                        new TokenSeries(series.waad(), series.fai(), null, series.entropyNats(), null))
                                .toList(),
                        SETTINGS)
                .linkages();
        assertThat(fewer).hasSize(3);
        assertThat(all).containsAll(fewer);
    }

    @Test
    void theSeriesAreNotChanged() {
        TokenSeries copy =
                new TokenSeries(WAAD.clone(), FAI.clone(), RECEIVER.clone(), ENTROPY.clone(), List.copyOf(TOKENS));
        Linkage.study(Collections.nCopies(3, copy), SETTINGS);
        assertThat(copy.waad()).isEqualTo(WAAD);
        assertThat(copy.fai()).isEqualTo(FAI);
        assertThat(copy.receiverFai()).isEqualTo(RECEIVER);
        assertThat(copy.entropyNats()).isEqualTo(ENTROPY);
    }

    /** The p-value is (1 + k) / (1 + n) with k binomial around its exact probability; four standard errors. */
    private static void assertPermutation(PeakTestResult result, double exact) {
        double n = result.shuffles();
        double standardError = Math.sqrt(exact * (1 - exact) / n);
        assertThat(result.pValue()).isCloseTo((1 + n * exact) / (1 + n), within(4 * standardError));
    }
}
