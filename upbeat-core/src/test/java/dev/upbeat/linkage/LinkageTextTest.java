package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.stats.Interval;
import java.util.List;
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
                        new PeakTestResult(
                                70, 20_481, 812, observed, chance, 0.3141, lift, interval, interval, 1 / 2001.0, 2000)),
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
                .contains(
                        "0.361 nats",
                        "812 WAAD peaks",
                        "0.239 nats when they are shuffled",
                        "0.314 nats over all 20,481 tokens",
                        "70 responses")
                .contains("+52.0%", "95%", "+40.1%", "+63.0%", "p of a rise = 0.0005");
    }

    @Test
    void intervalsOfFewResponsesAreCalledTooNarrow() {
        Interval interval = new Interval(0.1, 0.5, 2000);
        assertThat(lift(9, interval)).contains("95%", "+10.0%", "+50.0%", "9 responses", "too narrow");
        assertThat(lift(10, interval)).doesNotContain("too narrow");
        assertThat(lift(1, null)).contains("no interval").doesNotContain("too narrow");
    }

    @Test
    void onlyTheFindingSaysThatIntervalsAreTooNarrow() {
        PeakTestResult test = new PeakTestResult(
                6,
                900,
                40,
                0.5,
                0.4,
                0.41,
                0.25,
                new Interval(0.1, 0.5, 2000),
                new Interval(0.1, 0.5, 2000),
                0.01,
                2000);
        LinkageResult control =
                new LinkageResult(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.WITHOUT_PUNCTUATION, test);
        assertThat(LinkageText.controls(List.of(control), LinkageSettings.DEFAULT)
                        .orElseThrow())
                .contains("95% interval +10.0% to +50.0%")
                .doesNotContain("too narrow");
    }

    private static String lift(int responses, @Nullable Interval interval) {
        PeakTestResult test =
                new PeakTestResult(responses, 900, 40, 0.5, 0.4, 0.41, 0.25, interval, interval, 0.01, 2000);
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
                .contains("punctuation", "line breaks", "last 10 tokens")
                .contains(
                        "60.8%",
                        "812 receiver-FAI peaks",
                        "22.4% when they are shuffled",
                        "31.4% of all 20,481 tokens",
                        "70 responses")
                .contains("+171.5%", "no interval", "2 responses", "p of a rise = 0.0005");
    }

    @Test
    void controlsGiveTheLiftOfEachScope() {
        PeakTestResult test = new PeakTestResult(
                30, 900, 40, 0.4, 0.5, 0.5, -0.17, null, new Interval(-0.46, -0.09, 2000), 0.98, 2000);
        assertThat(LinkageText.controls(
                        List.of(
                                new LinkageResult(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, test),
                                new LinkageResult(
                                        LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.WITHOUT_PUNCTUATION, test)),
                        LinkageSettings.DEFAULT))
                .contains(
                        "Controls: without punctuation and line breaks -17.0% (95% interval -46.0% to -9.0%; permutation"
                                + " p of a rise = 0.98); without the last 10 tokens not computed; without punctuation and line"
                                + " breaks and the last 10 tokens not computed.");
    }

    @Test
    void controlsThatWereNotComputedHaveNoLine() {
        PeakTestResult test = new PeakTestResult(1, 2, 1, 0.4, 0.5, 0.5, -0.17, null, null, 1, 2000);
        assertThat(LinkageText.controls(
                        List.of(new LinkageResult(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, test)),
                        LinkageSettings.DEFAULT))
                .isEmpty();
    }

    @Test
    void faiAfterWaad() {
        assertThat(sentence(LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS, TokenScope.ALL_TOKENS, 0.5253, 0, null, null))
                .contains("52.5%", "812 FAI peaks", "WAAD peak", "at most 1 token", "0.0%", "shuffled")
                .contains("31.4% of all 20,481 tokens", "70 responses", "no lift", "zero", "p of a rise = 0.0005");
    }
}
