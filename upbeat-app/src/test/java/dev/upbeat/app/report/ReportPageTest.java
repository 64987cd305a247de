package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as people use it, in a real browser. */
class ReportPageTest extends BrowserTest {
    @Test
    void opensOfflineWithoutAnErrorOrARequest() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "")) {
            for (String tab : List.of("heads", "summary", "traces")) {
                s.page.locator("#tab-" + tab).click();
            }
            s.page.locator(".choice button[data-key=map]").click();
            assertThat(s.errors).isEmpty();
            assertThat(s.requests)
                    .allMatch(url -> url.startsWith("data:")
                            || url.equals(s.file().toUri().toString()));
        }
    }

    @Test
    void clickingATokenPinsItOnCurvesAndLink() throws IOException {
        ReportRow row = row(0);
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            s.token(30).click();
            assertThat(s.token(30).getAttribute("aria-selected")).isEqualTo("true");
            assertThat(s.hash()).isEqualTo("#trace=0&token=30&by=waad");
            s.page.mouse().move(5, 5);
            assertThat(s.reading("waad")).isEqualTo(decimal(row.observation().waad()[30], 2));
            assertThat(s.reading("entropy")).isEqualTo(decimal(row.observation().entropyNats()[30], 3));
            assertThat(inkAt(s, 30, row.trace().responseIds().length)).isTrue();
            assertThat(inkAt(s, 60, row.trace().responseIds().length)).isFalse();
            s.token(30).click();
            assertThat(s.hash()).isEqualTo("#trace=0&by=waad");
        }
    }

    @Test
    void clickingACurvePinsItsToken() throws IOException {
        try (PageSession s = wide(longTrace(8000), "")) {
            Locator over = s.page.locator(".curve[data-metric=fai] .u-over");
            double width = over.boundingBox().width;
            over.click(new Locator.ClickOptions().setPosition(width * 6000.5 / 8000, 10));
            int token = Integer.parseInt(s.hash().replaceAll(".*token=(\\d+).*", "$1"));
            assertThat(token).isBetween(5980, 6020);
            assertThat(s.token(token).isVisible()).isTrue();
            Object inView = s.js("(() => { const t = document.querySelector('.t.pinned').getBoundingClientRect();"
                    + " const v = document.querySelector('.text').getBoundingClientRect();"
                    + " return t.top >= v.top && t.bottom <= v.bottom; })()");
            assertThat(inView).isEqualTo(true);
        }
    }

    @Test
    void aLinkRestoresWhatItWasMadeOf() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "#trace=3&token=118&by=fai")) {
            assertThat(s.page.locator(".trace[aria-current=true] .id").textContent())
                    .isEqualTo("gsm8k-test-3");
            assertThat(s.page.locator(".t.pinned").getAttribute("id")).isEqualTo("t118");
            assertThat(s.page.locator(".choice button[data-key=fai]").getAttribute("aria-pressed"))
                    .isEqualTo("true");
            s.js("location.hash = '#trace=1&token=500&by=entropy&scale=rank&view=sentences&zoom=480-520'");
            s.page.waitForSelector("#t500.pinned");
            assertThat(s.page.locator(".trace[aria-current=true] .id").textContent())
                    .isEqualTo("gsm8k-test-1");
            assertThat(s.count(".gutter")).isPositive();
            assertThat(s.page.locator(".choice button[data-key=rank]").getAttribute("aria-pressed"))
                    .isEqualTo("true");
            assertThat(s.hash()).isEqualTo("#trace=1&token=500&by=entropy&scale=rank&view=sentences&zoom=480-520");
            s.page.reload();
            s.page.waitForSelector("#t500.pinned");
            assertThat(s.hash()).contains("zoom=480-520");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aLinkToAMissingTraceSaysSo() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "#trace=99")) {
            assertThat(s.page.locator("#notice").textContent())
                    .contains("trace 99")
                    .contains("0 to 15");
            assertThat(s.page.locator(".trace[aria-current=true] .id").textContent())
                    .isEqualTo("gsm8k-test-0");
            s.js("location.hash = '#trace=2&zoom=10-9999'");
            s.page.waitForSelector("li:nth-child(3) .trace[aria-current=true]");
            assertThat(s.page.locator("#notice").textContent()).contains("zoom 10-9999");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void theKeyboardMovesTheCursor() throws IOException {
        ReportRow row = row(0);
        try (PageSession s = wide(DemoReport.report(List.of(row, row(1))), "")) {
            Keyboard keys = s.page.keyboard();
            keys.press("ArrowRight");
            keys.press("ArrowRight");
            assertThat(s.hash()).contains("token=1");
            keys.press("ArrowLeft");
            assertThat(s.hash()).contains("token=0");
            keys.press("ArrowDown");
            double down = s.page.locator(".t.pinned").boundingBox().y;
            assertThat(down).isGreaterThan(s.token(0).boundingBox().y);
            keys.press("Home");
            int firstAnchor = row.peaks().fai()[0] > 0
                    ? row.peaks().fai()[0]
                    : row.peaks().fai()[1];
            keys.press("a");
            assertThat(s.hash()).contains("token=" + firstAnchor);
            keys.press("End");
            assertThat(s.hash()).contains("token=" + (row.trace().responseIds().length - 1));
            keys.press("Escape");
            assertThat(s.hash()).doesNotContain("token");
            keys.press("4");
            assertThat(s.hash()).contains("by=entropy");
            keys.press("]");
            s.page.waitForSelector("li:nth-child(2) .trace[aria-current=true]");
            keys.press("+");
            assertThat(s.hash()).contains("zoom=");
            keys.press("0");
            assertThat(s.hash()).doesNotContain("zoom=");
            keys.press("?");
            assertThat(s.page.locator("dialog.help").isVisible()).isTrue();
            keys.press("Escape");
            assertThat(s.page.locator("dialog.help").isVisible()).isFalse();
            keys.press("/");
            s.page.waitForSelector("#search:focus"); // the dialog gives the focus back first
            keys.type("a4");
            assertThat(s.hash()).contains("by=entropy"); // typing is not a command
        }
    }

    @Test
    void searchFindsTextAcrossTokensAndStepsThroughIt() throws IOException {
        ReportRow row = row(0);
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            s.page.keyboard().press("/");
            s.page.keyboard().type("MARBLES. T");
            assertThat(s.page.locator(".matches").textContent()).isEqualTo("1 found");
            assertThat(s.count(".t.hit")).isEqualTo(3); // " marbles", ".", " That"
            s.page.keyboard().press("Enter");
            assertThat(s.page.locator(".matches").textContent()).isEqualTo("1 of 1");
            assertThat(s.page.locator(".t.pinned").textContent()).contains("marbles");
            s.page.locator("#search").fill("zebra");
            assertThat(s.page.locator(".matches").textContent()).isEqualTo("not found");
            s.page.keyboard().press("Escape");
            assertThat(s.count(".t.hit")).isZero();
        }
    }

    @Test
    void theListIsFilteredByIdAndText() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "")) {
            s.page.locator("#filter").fill("train leaves");
            assertThat(s.count("#list li:visible")).isEqualTo(4);
            s.page.locator("#filter").fill("test-15");
            assertThat(s.count("#list li:visible")).isEqualTo(1);
            s.page.locator("#filter").fill("nothing like it");
            assertThat(s.page.locator("#list .note").isVisible()).isTrue();
        }
    }

    @Test
    void undefinedValuesAreHatchedAndNamedAndNeverZero() throws IOException {
        ReportRow row = row(2);
        int last = row.trace().responseIds().length - 1;
        assertThat(row.observation().fai()[last]).isNaN();
        try (PageSession s = wide(DemoReport.report(List.of(row)), "#trace=0&token=" + last + "&by=fai")) {
            assertThat(s.token(last).getAttribute("class")).contains("undefined");
            assertThat((String) s.js("getComputedStyle(document.querySelector('.t.pinned')).backgroundImage"))
                    .contains("repeating-linear-gradient");
            assertThat(s.token(last - 1).getAttribute("class")).doesNotContain("undefined");
            assertThat(s.page.locator(".inspector tr:has-text('FAI') td")
                            .first()
                            .textContent())
                    .isEqualTo("undefined");
            s.page.mouse().move(5, 5);
            assertThat(s.reading("fai")).isEqualTo("undefined");
            s.page.locator("#tab-summary").click();
            assertThat(s.page.locator("#summary td.undefined").first().textContent())
                    .isEqualTo("undefined");
        }
    }

    @Test
    void hostileTextsAreShownAndDoNothing() throws IOException {
        String script = "</script><script>alert(1)</script>";
        String image = "<img src=x onerror=alert(2)>";
        List<String> texts = List.of(script, image, "<!--", "\u2028", "{{data}}", "\u202e", "javascript:alert(3)", "");
        ReportRow row = DemoReport.row(image, texts, texts, 1, 0, false);
        try (PageSession s = wide(DemoReport.report(List.of(row)), "#trace=0&token=1")) {
            s.page.locator(".fold").click();
            assertThat(s.token(0).textContent()).isEqualTo(script);
            assertThat(s.page.locator(".specimen").textContent()).isEqualTo(image);
            assertThat(s.token(3).textContent()).isEqualTo("⟨2028⟩");
            assertThat(s.token(5).textContent()).isEqualTo("⟨202E⟩");
            assertThat(s.count("body img")).isZero();
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void whitespaceIsVisibleButFaint() throws IOException {
        ReportRow row = DemoReport.row("a", List.of("p"), List.of("Hi", "\n\n", "    ", "\t", "there"), 1, 0, false);
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            assertThat(s.token(1).textContent()).isEqualTo("↵↵");
            assertThat(s.token(2).textContent()).isEqualTo("····");
            assertThat(s.token(3).textContent()).isEqualTo("→");
            assertThat(s.count("#t1 i, #t2 i, #t3 i")).isEqualTo(3);
            assertThat(s.token(4).boundingBox().y).isGreaterThan(s.token(0).boundingBox().y);
        }
    }

    @Test
    void aLongTraceKeepsTheDocumentSmall() throws IOException {
        try (PageSession s = wide(longTrace(8000), "")) {
            int atStart = ((Number) s.js("document.querySelectorAll('*').length")).intValue();
            s.js("document.querySelector('.text').scrollTop = 1e9");
            s.page.waitForSelector("#t7999");
            int atEnd = ((Number) s.js("document.querySelectorAll('*').length")).intValue();
            assertThat(List.of(atStart, atEnd)).allMatch(nodes -> nodes < 2500);
            assertThat(s.count("#t0")).isZero();
            assertThat(s.page.locator(".curves .foot .note").textContent()).contains("the mean of the");
            s.js("location.hash = '#trace=0&zoom=100-200'");
            s.page.waitForSelector(
                    ".curves .foot .note", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
        }
    }

    @Test
    void everyTokenIsLaidOutOnceAndInOrder() throws IOException {
        try (PageSession s = wide(longTrace(1500), "")) {
            Object seen = s.js("(async () => { const v = document.querySelector('.text'); const seen = new Set();"
                    + " for (let y = 0; y < v.scrollHeight + 200; y += 200) { v.scrollTop = y;"
                    + " await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);"
                    + " document.querySelectorAll('.t').forEach(t => seen.add(Number(t.id.slice(1)))); }"
                    + " return seen.size === 1500 && Math.max(...seen) === 1499; })()");
            assertThat(seen).isEqualTo(true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 900, 1600})
    void nothingScrollsSidewaysAtAnyWidth(int width) throws IOException {
        try (PageSession s =
                PageSession.open(chromium, directory, DemoReport.analysis(), "#trace=1&token=60", width, 900)) {
            assertThat(s.page.locator("#select").isVisible()).isEqualTo(width < 820);
            for (String view : List.of("tokens", "sentences")) {
                s.page.locator(".choice button[data-key=" + view + "]").click();
                assertThat(s.js("document.documentElement.scrollWidth <= innerWidth"))
                        .as("page, %s", view)
                        .isEqualTo(true);
                assertThat(s.js("(v => v.scrollWidth <= v.clientWidth)(document.querySelector('.text'))"))
                        .as("text, %s", view)
                        .isEqualTo(true);
            }
            for (String tab : List.of("heads", "summary")) {
                s.page.locator("#tab-" + tab).click();
                assertThat(s.js("document.documentElement.scrollWidth <= innerWidth"))
                        .as(tab)
                        .isEqualTo(true);
            }
        }
    }

    @Test
    void themesFollowTheSystemUntilOneIsChosen() throws IOException {
        try (PageSession s =
                PageSession.open(chromium, directory, DemoReport.analysis(), "", 900, 900, ColorScheme.DARK)) {
            String dark = (String) s.js("getComputedStyle(document.documentElement).backgroundColor");
            String darkToken = (String) s.js("getComputedStyle(document.getElementById('t0')).backgroundColor");
            s.page.locator("#theme").click();
            assertThat(s.js("getComputedStyle(document.documentElement).backgroundColor"))
                    .isNotEqualTo(dark);
            assertThat(s.js("getComputedStyle(document.getElementById('t0')).backgroundColor"))
                    .isNotEqualTo(darkToken);
            s.page.keyboard().press("t");
            assertThat(s.js("getComputedStyle(document.documentElement).backgroundColor"))
                    .isEqualTo(dark);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIGHT", "DARK"})
    void textHasEnoughContrastOnEveryTint(String scheme) throws IOException {
        try (PageSession s = PageSession.open(
                chromium, directory, DemoReport.analysis(), "", 900, 900, ColorScheme.valueOf(scheme))) {
            Object least = s.js("(async () => { const { colour, ramp } = await import('upbeat/theme.js');"
                    + " const rgb = c => c.startsWith('#') ? [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)) : c.match(/[\\d.]+/g).slice(0, 3).map(Number);"
                    + " const lum = c => rgb(c).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)"
                    + " .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);"
                    + " const contrast = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };"
                    + " const pairs = []; for (let i = 0; i <= 20; i++) pairs.push([colour('ink'), ramp('text', i / 20)]);"
                    + " for (const ground of ['paper', 'ground', 'press', 'accent-soft']) pairs.push([colour('ink'), colour(ground)], [colour('muted'), colour(ground)]);"
                    + " for (const ground of ['paper', 'ground']) pairs.push([colour('accent'), colour(ground)]);"
                    + " return Math.min(...pairs.map(([a, b]) => contrast(a, b))); })()");
            assertThat(((Number) least).doubleValue()).isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void incompleteTracesAreStillShown() throws IOException {
        float[] one = {0.5f};
        float[] undefined = {Float.NaN};
        PeakPositions none = new PeakPositions(new int[0], new int[0], new int[0], new int[0]);
        ReportRow row = new ReportRow(
                new Trace("ids only", new int[] {7}, new int[] {42}, null, 1, null),
                DemoReport.observation(new float[] {-0.5f}, one, one, undefined, null),
                null,
                null,
                List.of(),
                none);
        try (PageSession s = wide(DemoReport.report(List.of(row)), "#trace=0&token=0&by=receiver")) {
            assertThat(s.token(0).textContent()).isEqualTo("⟨42⟩");
            assertThat(s.page.locator("#notice").textContent()).contains("no receiver FAI");
            assertThat(s.page.locator(".inspector").textContent()).contains("Links were not recorded");
            assertThat(s.count(".curve[data-metric]")).isEqualTo(4);
            assertThat(s.errors).isEmpty();
        }
        try (PageSession s = wide(DemoReport.report(List.of()), "")) {
            assertThat(s.page.locator("#traces").textContent()).isEqualTo("This run has no traces.");
            assertThat(s.errors).isEmpty();
        }
    }

    static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '\u2212');
    }

    /** Whether the pinned token's line is drawn at token t of the WAAD curve: ink from top to bottom. */
    private static boolean inkAt(PageSession s, int t, int length) {
        Object share = s.page.evaluate(
                "([t, n]) => { const over = document.querySelector('.curve[data-metric=waad] .u-over').getBoundingClientRect();"
                        + " const canvas = document.querySelector('.curve[data-metric=waad] canvas'); const at = canvas.getBoundingClientRect();"
                        + " const x = Math.floor(over.left - at.left + (t + 0.5) / n * over.width);"
                        + " let most = 0; for (const dx of [-1, 0, 1]) {"
                        + " const d = canvas.getContext('2d').getImageData(x + dx, over.top - at.top, 1, over.height).data; let dark = 0;"
                        + " for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 100 && d[i] + d[i + 1] + d[i + 2] < 300) dark++;"
                        + " most = Math.max(most, dark / (d.length / 4)); } return most; }",
                List.of(t, length));
        return ((Number) share).doubleValue() > 0.8;
    }

    private static ReportRow row(int which) {
        return DemoReport.row("trace-" + which, DemoText.prompt(which), DemoText.response(which), 1, which, false);
    }

    private static ReportData longTrace(int tokens) {
        return DemoReport.report(
                List.of(DemoReport.row("long", DemoText.prompt(0), DemoText.response(0, tokens), 1, 5, false)));
    }

    private PageSession wide(ReportData report, String hash) throws IOException {
        return PageSession.open(chromium, directory, report, hash, 1600, 900);
    }
}
