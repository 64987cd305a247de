package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.stats.Interval;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the summary dares to say of a linkage. */
class FindingsTest extends BrowserTest {
    private static final String NOTHING = "Entropy at preplan points: no clear difference from chance.";

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.4, 0.001, The model is less certain where it plans.",
        "0.1, 0.4, 0.05, The model is less certain where it plans.",
        "0.1, 0.4, 0.06, " + NOTHING, // the interval alone
        "-0.1, 0.4, 0.001, " + NOTHING, // p alone
        "0, 0.4, 0.001, " + NOTHING, // an interval that touches chance
        "-0.4, -0.1, 0.999, The model is more certain where it plans.",
        "-0.4, -0.1, 0.95, The model is more certain where it plans.",
        "-0.4, -0.1, 0.9, " + NOTHING, // the interval alone, below
        "-0.4, 0.1, 0.999, " + NOTHING, // p alone, below
    })
    void aFindingNeedsIntervalAndPValue(double low, double high, double p, String said) throws IOException {
        try (PageSession s = summary(test(16, new Interval(low, high, 2000), p))) {
            assertThat(s.page.locator(".finding h3").textContent()).isEqualTo(said);
        }
    }

    @Test
    void aFindingWhoseControlDisagreesIsNotStated() throws IOException {
        PeakTestResult all = test(16, new Interval(0.1, 0.4, 2000), 0.001);
        PeakTestResult words = test(16, new Interval(-0.46, -0.09, 2000), 0.98);
        try (PageSession s = summary(all, words)) {
            assertThat(s.page.locator(".finding h3").textContent())
                    .isEqualTo(
                            "Entropy at preplan points: +25.0% over all tokens, but -27.5% without punctuation and line"
                                    + " breaks.");
        }
    }

    @Test
    void chanceAndThePooledMeanAreBothShown() throws IOException {
        try (PageSession s = summary(test(16, new Interval(0.1, 0.4, 2000), 0.001))) {
            assertThat(s.page.locator(".finding p").textContent())
                    .contains("against 0.400 nats when they are shuffled within their response")
                    .contains("(0.450 nats over all response tokens)");
        }
    }

    @Test
    void withoutAnIntervalNothingIsStated() throws IOException {
        try (PageSession s = summary(test(1, null, 0.001))) {
            assertThat(s.page.locator(".finding h3").textContent())
                    .isEqualTo("Entropy at preplan points: too little data.");
        }
    }

    @Test
    void intervalsOfFewResponsesAreCalledTooNarrow() throws IOException {
        Interval interval = new Interval(0.1, 0.4, 2000);
        try (PageSession s = summary(test(4, interval, 0.001))) {
            assertThat(s.page.locator(".finding p").textContent())
                    .contains("(95% interval +10% to +40%, of only 4 responses, which makes it too narrow; p = 0.001)");
            assertThat(s.page.locator("#summary section .note").first().textContent())
                    .isEqualTo("Intervals of only 4 responses are too narrow.");
        }
        try (PageSession s = summary(test(10, interval, 0.001))) {
            assertThat(s.page.locator("#summary").textContent()).doesNotContain("narrower");
        }
    }

    private static PeakTestResult test(int responses, @Nullable Interval interval, double p) {
        double lift = interval == null ? 0.2 : (interval.low() + interval.high()) / 2;
        return new PeakTestResult(responses, 900, 40, 0.4 * (1 + lift), 0.4, 0.45, lift, null, interval, p, 2000);
    }

    private PageSession summary(PeakTestResult test) throws IOException {
        return summary(test, test);
    }

    private PageSession summary(PeakTestResult all, PeakTestResult withoutPunctuation) throws IOException {
        RunReport run = DemoReport.analysis().runs().get(0);
        RunReport only = new RunReport(
                run.name(),
                run.model(),
                run.data(),
                run.settings(),
                run.provenance(),
                run.heads(),
                run.metrics(),
                run.rows().subList(0, 1),
                List.of(
                        new LinkageResult(LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.ALL_TOKENS, all),
                        new LinkageResult(
                                LinkageKind.ENTROPY_AT_WAAD_PEAKS, TokenScope.WITHOUT_PUNCTUATION, withoutPunctuation)),
                List.of(),
                List.of());
        return PageSession.open(chromium, directory, new ReportData(List.of(only)), "#tab=summary", 1280, 900);
    }
}
