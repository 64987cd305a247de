package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The overlap table worked by hand; all series have T = 10, so 3 values are large enough for a peak. */
class PeakOverlapTest {
    private static final float NAN = Float.NaN;
    private static final float[] WAAD = {1, 5, 1, 1, 4, 1, 1, 6, 1, 1}; // peaks 1, 4, 7
    private static final float[] FAI = {1, 1, 7, 1, 8, 1, 6, 1, 1, NAN}; // peaks 2, 4, 6
    private static final float[] ENTROPY = {0, 9, 0, 8, 0, 0, 0, 0, 0, 0}; // peaks 1, 3: position 0 is no maximum
    private static final List<String> TOKENS = List.of("a", "b", "c", "d", ",", "f", "g", "h", "i", "j");
    private static final TokenSeries RESPONSE = new TokenSeries(WAAD, FAI, null, ENTROPY, TOKENS);

    private static PeakOverlap overlap(Metric first, Metric second, TokenScope scope, TokenSeries... responses) {
        return Linkage.study(List.of(responses), LinkageSettings.DEFAULT).overlaps().stream()
                .filter(each -> each.first() == first && each.second() == second && each.scope() == scope)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void samePreviousAndNextPositionsAreDistinguished() {
        PeakOverlap overlap = overlap(Metric.GLOBAL_FAI, Metric.WAAD, TokenScope.ALL_TOKENS, RESPONSE);
        // 2 behind 1, 4 at 4, 6 before 7
        assertThat(overlap.peaks()).isEqualTo(3);
        assertThat(overlap.same()).isEqualTo(1);
        assertThat(overlap.previous()).isEqualTo(1);
        assertThat(overlap.next()).isEqualTo(1);
        assertThat(overlap.share()).isEqualTo(1);
        assertThat(overlap.chance())
                .as("every token is at most one from 1, 4 or 7")
                .isEqualTo(1);
    }

    @Test
    void aPeakBetweenTwoCountsOnce() {
        // FAI peak 2 between the entropy peaks 1 and 3; FAI peak 4 behind 3; FAI peak 6 by itself
        PeakOverlap overlap = overlap(Metric.GLOBAL_FAI, Metric.ENTROPY, TokenScope.ALL_TOKENS, RESPONSE);
        assertThat(overlap.same()).isZero();
        assertThat(overlap.previous()).isEqualTo(2);
        assertThat(overlap.next()).isZero();
        assertThat(overlap.share()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(overlap.chance()).as("0 .. 4 of 0 .. 8").isCloseTo(5 / 9.0, within(1e-12));
    }

    @Test
    void theTableIsOfOrderedPairs() {
        PeakOverlap overlap = overlap(Metric.ENTROPY, Metric.GLOBAL_FAI, TokenScope.ALL_TOKENS, RESPONSE);
        // entropy peak 1 before 2; 3 between 2 and 4
        assertThat(overlap.peaks()).isEqualTo(2);
        assertThat(overlap.previous()).isEqualTo(1);
        assertThat(overlap.next()).isEqualTo(1);
        assertThat(overlap.chance()).as("1 .. 7 of 0 .. 8").isCloseTo(7 / 9.0, within(1e-12));
    }

    @Test
    void excludedTokensArePeaksOfNeitherSeries() {
        PeakOverlap overlap = overlap(Metric.GLOBAL_FAI, Metric.WAAD, TokenScope.WITHOUT_PUNCTUATION, RESPONSE);
        assertThat(overlap.peaks()).isEqualTo(2);
        assertThat(overlap.same()).isZero();
        assertThat(overlap.chance()).as("0 1 2 6 7 8 of eight tokens").isCloseTo(6 / 8.0, within(1e-12));
    }

    @Test
    void chanceIsTakenWithinEachResponse() {
        // Three peaks, none near a WAAD peak by chance or otherwise: a response without WAAD peaks.
        TokenSeries flat = new TokenSeries(new float[10], FAI, null, ENTROPY, TOKENS);
        PeakOverlap overlap = overlap(Metric.GLOBAL_FAI, Metric.WAAD, TokenScope.ALL_TOKENS, RESPONSE, flat);
        assertThat(overlap.peaks()).isEqualTo(6);
        assertThat(overlap.share()).isEqualTo(0.5);
        assertThat(overlap.chance()).isEqualTo(0.5);
    }
}
