package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.stats.Interval;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinkageTextTest {
    private static String sentence(
            LinkageKind kind,
            TokenScope scope,
            double observed,
            double chance,
            @Nullable Double lift,
            @Nullable Interval interval) {
        return LinkageText.sentence(
                new LinkageResult(
                        kind,
                        scope,
                        new PeakTest(70, 20_481, 812, observed, chance, lift, interval, interval, 1 / 2001.0, 2000)),
                LinkageSettings.DEFAULT);
    }

    @Test
    void entropyAtWaadPeaks() {
        assertThat(sentence(
                        LinkageKind.ENTROPY_AT_WAAD_PEAKS,
                        TokenScope.ALL_TOKENS,
                        0.3608,
                        0.2386,
                        0.5197,
                        new Interval(0.401, 0.6304, 2000)))
                .isEqualTo("Entropy averages 0.361 nats at 812 WAAD peaks, against 0.239 nats over all 20,481 tokens of"
                        + " 70 responses: +52.0% (95% interval +40.1% to +63.0%; one-sided permutation p = 0.0005).");
    }

    @Test
    void anIntervalOfFewResponsesIsSaidToBeTooNarrow() {
        Interval interval = new Interval(0.1, 0.5, 2000);
        assertThat(lift(9, interval))
                .contains("(95% interval +10.0% to +50.0%, of only 9 responses: narrower than it should be; one-sided");
        assertThat(lift(10, interval)).doesNotContain("narrower");
        assertThat(lift(1, null)).contains("no interval").doesNotContain("narrower");
    }

    private static String lift(int responses, @Nullable Interval interval) {
        PeakTest test = new PeakTest(responses, 900, 40, 0.5, 0.4, 0.25, interval, interval, 0.01, 2000);
        return LinkageText.sentence(
                new LinkageResult(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.ALL_TOKENS, test),
                LinkageSettings.DEFAULT);
    }

    @Test
    void receiverPeaks() {
        assertThat(sentence(
                        LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS,
                        TokenScope.WITHOUT_PUNCTUATION_AND_TAIL,
                        0.6084,
                        0.2241,
                        1.7149,
                        null))
                .isEqualTo(
                        "Leaving out punctuation and line-break tokens and the last 10 tokens of each response, 60.8%"
                                + " of 812 receiver-FAI peaks are FAI peaks too, against 22.4% of all 20,481 tokens of 70"
                                + " responses: +171.5% (no interval, fewer than 2 responses have such peaks; one-sided"
                                + " permutation p = 0.0005).");
    }

    @Test
    void faiAfterWaad() {
        assertThat(sentence(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, 0.5253, 0, null, null))
                .isEqualTo("52.5% of 812 FAI peaks coincide with a WAAD peak or follow one by at most 1 token, against"
                        + " 0.0% when they are shuffled among the 20,481 tokens of 70 responses: no lift can be given,"
                        + " chance is zero (one-sided permutation p = 0.0005).");
    }
}
