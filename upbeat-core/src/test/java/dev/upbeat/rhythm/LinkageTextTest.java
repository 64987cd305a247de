package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;

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
