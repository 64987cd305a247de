package dev.upbeat.app.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs on one page, in a real browser. */
class SideBySideTest extends BrowserTest {
    @Test
    void tracesOfTheSameIdStandBesideEachOther() throws IOException {
        try (PageSession s = wide("#trace=3")) {
            assertThat(headings(s)).hasSize(2);
            assertThat(headings(s).get(0)).contains("A", "before", "gsm8k-test-3", "147 tokens");
            assertThat(headings(s).get(1)).contains("B", "after", "gsm8k-test-3", "124 tokens");
            assertThat(s.count(".pane")).isEqualTo(2);
            s.page.keyboard().press("ArrowRight");
            assertThat(s.hash()).isEqualTo("#trace=3&beside=10&token=0&by=waad");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aCommonResponseIsShownTwiceAtTheSameToken() throws IOException {
        RunReport after = DemoReport.twoRuns().runs().get(1);
        try (PageSession s = wide("#trace=2")) {
            assertThat(headings(s)).allMatch(heading -> heading.contains("same response"));
            s.token(17).dispatchEvent("click");
            assertThat(s.page.locator("#b17").getAttribute("class")).contains("pinned");
            s.page.mouse().move(5, 5);
            String theirs =
                    ReportPageTest.decimal(after.rows().get(2).observation().waad()[17], 2);
            assertThat(s.page.locator(".curve[data-metric=waad] .rival").first().textContent())
                    .isEqualTo(theirs);
            assertThat(s.page.locator(".curve[data-metric=waad] .value").nth(1).textContent())
                    .isEqualTo(theirs);
            s.page.locator("#b40").dispatchEvent("click");
            assertThat(s.hash()).contains("token=40");
            s.js("location.hash = '#trace=2&zoom=10-40'");
            assertThat(s.hash()).contains("beside=9", "zoom=10-40");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void differencesTintTheTokensOfACommonResponse() throws IOException {
        float[] before =
                DemoReport.twoRuns().runs().get(0).rows().get(2).observation().waad();
        float[] after =
                DemoReport.twoRuns().runs().get(1).rows().get(2).observation().waad();
        try (PageSession s = wide("#trace=2&scale=difference")) {
            for (int t = 0; t < 12; t++) {
                List<?> colour = (List<?>)
                        s.js("getComputedStyle(document.getElementById('t" + t + "')).backgroundColor.match(/\\d+/g)");
                int warmth = Integer.parseInt((String) colour.get(0)) - Integer.parseInt((String) colour.get(2));
                if (Math.abs(after[t] - before[t]) > 0.5) {
                    assertThat(warmth > 0).as("token " + t + " " + colour).isEqualTo(after[t] > before[t]);
                }
                assertThat(s.js("getComputedStyle(document.getElementById('b" + t
                                + "')).backgroundColor.match(/\\d+/g)"))
                        .isEqualTo(colour);
            }
            assertThat(s.page.locator("#toolbar .legend").getAttribute("aria-label"))
                    .contains("from B \u2212 A \u2264 \u2212", "to \u2265 +");
            assertThat(s.hash()).contains("scale=difference");
            s.js("location.hash = '#trace=2&beside=none&scale=difference'");
            s.page.waitForSelector(".choice [data-key=value][aria-pressed=true]");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aCommonResponseIsComparedTokenByToken() throws IOException {
        float[] before =
                DemoReport.twoRuns().runs().get(0).rows().get(2).observation().waad();
        float[] after =
                DemoReport.twoRuns().runs().get(1).rows().get(2).observation().waad();
        double[] sums = new double[6]; // of a, b, aa, bb, ab, |b - a|
        int largest = 0;
        for (int t = 0; t < before.length; t++) {
            double a = before[t];
            double b = after[t];
            double[] terms = {a, b, a * a, b * b, a * b, Math.abs(b - a)};
            for (int i = 0; i < terms.length; i++) {
                sums[i] += terms[i] / before.length;
            }
            largest = Math.abs(b - a) > Math.abs(after[largest] - before[largest]) ? t : largest;
        }
        double correlation = (sums[4] - sums[0] * sums[1])
                / Math.sqrt((sums[2] - sums[0] * sums[0]) * (sums[3] - sums[1] * sums[1]));
        try (PageSession s = wide("#trace=2")) {
            List<String> cells = s.page.locator(".inspector:not(.beside) .against tr:has(th:text-is('WAAD')) td")
                    .allTextContents();
            assertThat(cells.get(0)).isEqualTo(ReportPageTest.decimal(correlation, 3));
            assertThat(cells.get(1).replaceFirst("^[+\u2212]", ""))
                    .isEqualTo(ReportPageTest.decimal(Math.abs(sums[1] - sums[0]), 2));
            assertThat(cells.get(2)).isEqualTo(ReportPageTest.decimal(sums[5], 2));
            assertThat(cells.get(3)).isEqualTo(String.valueOf(largest));
            s.page.locator(".inspector:not(.beside) .against tr:has(th:text-is('WAAD')) .go")
                    .click();
            s.page.mouse().move(5, 5);
            assertThat(s.hash()).contains("token=" + largest);
            assertThat(s.page.locator(".curve[data-metric=difference]").count()).isEqualTo(1);
            assertThat(s.reading("difference").replace('\u2212', '-'))
                    .isEqualTo(String.format(java.util.Locale.ROOT, "%.2f", after[largest] - before[largest]));
            s.page.keyboard().press("2");
            assertThat(s.page.locator(".curve[data-metric=difference] .unit").textContent())
                    .isEqualTo("FAI, weight");
            assertThat(s.errors).isEmpty();
        }
        try (PageSession s = wide("#trace=1")) { // another response
            assertThat(s.count(".curve[data-metric=difference], .against")).isZero();
        }
    }

    @Test
    void differentResponsesShareTheMetric() throws IOException {
        try (PageSession s = wide("#trace=1")) {
            s.token(12).dispatchEvent("click");
            assertThat(s.count(".pinned")).isEqualTo(1);
            s.page.locator("#b7").dispatchEvent("click");
            assertThat(s.hash()).contains("token=12");
            assertThat(s.count(".pinned")).isEqualTo(2);
            s.page.keyboard().press("4");
            assertThat(s.js("new Set(Array.from(document.querySelectorAll('.t'), t => t.style.background)).size > 5"))
                    .isEqualTo(true);
            s.page.locator(".choice button[data-key=sentences]").click();
            assertThat(s.page.locator(".pane").nth(1).locator(".gutter").count())
                    .isPositive();
        }
    }

    @Test
    void anyTraceCanBeShownBeside() throws IOException {
        try (PageSession s = wide("")) {
            Locator beside = s.page.locator(".beside-choice select");
            assertThat(beside.locator("optgroup[label='the same prompt'] option")
                            .first()
                            .textContent())
                    .isEqualTo("B · gsm8k-test-0");
            beside.selectOption("4");
            assertThat(headings(s).get(1)).contains("A", "gsm8k-test-4");
            s.page.locator(".pane-head .close").click();
            assertThat(s.page.locator(".pane").nth(1).isVisible()).isFalse();
            assertThat(s.hash()).contains("beside=none");
            s.page.keyboard().press("]"); // what was closed stays closed
            s.page.waitForSelector("li:nth-child(2) .trace[aria-current=true]");
            assertThat(s.page.locator(".pane").nth(1).isVisible()).isFalse();
            s.page.reload();
            s.page.waitForSelector("html[data-ready=true]");
            assertThat(s.page.locator(".pane").nth(1).isVisible()).isFalse();
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aTraceOnlyInOneRunIsShownAlone() throws IOException {
        try (PageSession s = wide("#trace=6")) {
            assertThat(headings(s)).isEmpty();
            s.page.keyboard().press("[");
            s.page.waitForSelector("li:nth-child(6) .trace[aria-current=true]");
            assertThat(headings(s)).hasSize(2);
            s.js("location.hash = '#trace=5&beside=none'");
            s.page.waitForSelector(
                    ".pane-head", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
            assertThat(s.page.locator(".pane").nth(1).isVisible()).isFalse();
        }
    }

    @Test
    void theListComparesBothRuns() throws IOException {
        try (PageSession s = wide("#trace=3")) {
            assertThat(s.count("#list li:visible")).isEqualTo(7);
            assertThat(s.page.locator("#list li").first().locator(".elsewhere").textContent())
                    .isEqualTo("B ✓ 237");
            assertThat(s.page.locator("#list li").nth(6).locator(".elsewhere").count())
                    .isZero();
            s.page.locator("#runs button").nth(1).click();
            s.page.waitForSelector("#list li:nth-child(11) .trace[aria-current=true]");
            assertThat(s.page.locator("#list li:visible").allTextContents())
                    .hasSize(7)
                    .anyMatch(item -> item.startsWith("only-after"));
            assertThat(headings(s).get(0)).contains("B", "gsm8k-test-3");
            assertThat(headings(s).get(1)).contains("A", "gsm8k-test-3");
        }
    }

    @Test
    void theSummaryHasAColumnForEachRun() throws IOException {
        try (PageSession s = wide("#tab=summary")) {
            Locator table = s.page.locator("table.versus").first();
            assertThat(table.locator("thead th").allTextContents()).containsExactly("A before", "B after");
            assertThat(table.locator("tr:has-text('mean reward') td").allTextContents())
                    .containsExactly("0.571", "0.857");
            assertThat(table.locator("tr:has-text('that A also has') td").allTextContents())
                    .containsExactly("", "6");
            assertThat(table.locator("tr:has-text('Entropy at') td").first().textContent())
                    .contains("0.361 nats against 0.239 nats")
                    .contains("+51% (+41% to +63%; p < 0.001)");
            assertThat(table.locator("tr:has-text('local heads') td").nth(1).textContent())
                    .matches("81, \\d+ of them also in A");
            assertThat(s.page.locator("table.versus").nth(1).locator("tbody").textContent())
                    .isEqualTo("max_new_tokens448512");
            assertThat(s.page.locator(".finding .forest").first().getAttribute("aria-label"))
                    .contains("A before", "B after");
            s.page.locator("#runs button").nth(1).click();
            assertThat(s.page.locator("#summary .run-tag").last().textContent()).isEqualTo("B after");
        }
    }

    @Test
    void aHeadIsPickedInTheGridsOfAllRuns() throws IOException {
        List<RunReport> runs = DemoReport.twoRuns().runs();
        try (PageSession s = wide("#tab=heads")) {
            assertThat(s.count(".grid")).isEqualTo(2);
            s.page.locator(".grid")
                    .first()
                    .locator("[aria-label^='layer 3, head 2:']")
                    .click();
            assertThat(s.count(".cell[aria-selected=true]")).isEqualTo(2);
            for (int run = 0; run < 2; run++) {
                float[] layer =
                        requireNonNull(runs.get(run).heads()).spanTokens().getOrDefault(3, new float[0]);
                assertThat(s.page.locator(".details tr:has-text('span') td")
                                .nth(run)
                                .textContent())
                        .isEqualTo(ReportPageTest.decimal(layer[2], 2) + " tokens");
            }
        }
    }

    @Test
    void sixRunsWithoutReceiversAreOnePage() throws IOException {
        RunReport one = DemoReport.twoRuns().runs().get(0);
        ReportData six = new ReportData(Collections.nCopies(6, one));
        try (PageSession s = PageSession.open(chromium, directory, six, "#tab=summary", 1600, 900)) {
            assertThat(s.page.locator("table.versus thead th").count()).isGreaterThanOrEqualTo(6);
            s.page.locator("#tab-heads").click();
            assertThat(s.count(".grid")).isEqualTo(6);
            assertThat(s.js("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            assertThat(s.errors).isEmpty();
        }
        assertThatThrownBy(() -> new ReportData(Collections.nCopies(9, one))).hasMessageContaining("9 runs");
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 900, 1600})
    void nothingScrollsSidewaysAtAnyWidth(int width) throws IOException {
        try (PageSession s =
                PageSession.open(chromium, directory, DemoReport.twoRuns(), "#trace=1&token=60", width, 900)) {
            for (String tab : List.of("traces", "heads", "summary")) {
                s.page.locator("#tab-" + tab).click();
                assertThat(s.js("document.documentElement.scrollWidth <= innerWidth"))
                        .as(tab)
                        .isEqualTo(true);
            }
        }
    }

    private static List<String> headings(PageSession s) {
        return s.page.locator(".pane-head:visible").allTextContents();
    }

    private PageSession wide(String hash) throws IOException {
        return PageSession.open(chromium, directory, DemoReport.twoRuns(), hash, 1600, 1000);
    }
}
