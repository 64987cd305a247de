package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the page uses its room, and that panes beside each other can be compared. */
class LayoutPageTest extends BrowserTest {
    private static final String TICKS =
            "(async () => { const heard = [{}, {}]; const draw = CanvasRenderingContext2D.prototype.fillText;"
                    + " CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {"
                    + " const pane = [...document.querySelectorAll('.pane')].findIndex(p => p.contains(this.canvas));"
                    + " const row = this.canvas.closest('.curve'); if (pane >= 0 && this.textAlign === 'right') {"
                    + " const key = row.dataset.metric; (heard[pane][key] ??= []).push(text + ' at ' + Math.round(y)); }"
                    + " return draw.apply(this, arguments); };"
                    + " document.querySelector('#theme').click(); await new Promise(done => setTimeout(done, 300));"
                    + " CanvasRenderingContext2D.prototype.fillText = draw; return JSON.stringify(['waad', 'fai', 'receiver', 'entropy', 'logprob']"
                    + ".map(key => [key, heard[0][key].join(), heard[1][key].join()]).filter(([, a, b]) => a !== b)); })()";

    @ParameterizedTest
    @CsvSource({"1600, #trace=1", "1600, #trace=1&axis=log", "1600, #trace=2", "900, #trace=1", "900, #trace=2"})
    void panesShareTheirAxes(int width, String hash) throws IOException {
        try (PageSession s = open(DemoReport.twoRuns(), hash, width, 1000)) {
            assertThat(s.js(TICKS)).isEqualTo("[]");
            s.page.locator(".beside-choice select").selectOption("3"); // another response beside it
            assertThat(s.js(TICKS)).isEqualTo("[]");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aComparisonIn900PixelsHasThreeRowsOfControlsAndAWholeTitle() throws IOException {
        try (PageSession s = open(DemoReport.twoRuns(), "#trace=1", 900, 900)) {
            assertThat(
                            (Integer)
                                    s.js(
                                            "new Set([...document.querySelectorAll('#toolbar > *')].filter(e => e.offsetHeight)"
                                                    + ".map(e => Math.round((e.getBoundingClientRect().top + e.getBoundingClientRect().bottom) / 20))).size"))
                    .isLessThanOrEqualTo(3);
            assertThat(s.js("['model', 'run'].every(id => { const e = document.getElementById(id);"
                            + " return e.offsetWidth > 20 && e.scrollWidth <= e.clientWidth; })"))
                    .isEqualTo(true);
            assertThat(s.page.locator("#run").textContent()).startsWith("made-up problems");
        }
    }

    @Test
    void theCurvesOfPanesAreLevel() throws IOException {
        try (PageSession s = open(DemoReport.twoRuns(), "#trace=1", 1600, 1000)) {
            assertThat(s.js("new Set(Array.from(document.querySelectorAll('.curve[data-metric=waad]'),"
                            + " e => Math.round(e.getBoundingClientRect().top))).size"))
                    .isEqualTo(1);
        }
    }

    @Test
    void curvesGrowIntoTheRoomThatAShortTextLeaves() throws IOException {
        ReportRow row = DemoReport.row("a", DemoText.prompt(0), DemoText.response(0, 60), 1, 0, false);
        try (PageSession s = open(DemoReport.report(List.of(row)), "", 1600, 1100)) {
            assertThat(gap(s)).isLessThan(40);
            assertThat(bottom(s)).isLessThanOrEqualTo(1100);
            assertThat(height(s)).isBetween(110.0, 151.0);
            s.page.setViewportSize(1600, 700);
            s.page.waitForTimeout(200);
            assertThat(height(s)).isLessThan(80);
            assertThat(bottom(s)).isLessThanOrEqualTo(700);
        }
    }

    /** From the last line of the text to the curves. */
    private static double gap(PageSession s) {
        return ((Number)
                        s.js(
                                "document.querySelector('.curves').getBoundingClientRect().top"
                                        + " - Math.max(...Array.from(document.querySelectorAll('.line'), e => e.getBoundingClientRect().bottom))"))
                .doubleValue();
    }

    private static double bottom(PageSession s) {
        return ((Number) s.js("document.querySelector('.curves').getBoundingClientRect().bottom")).doubleValue();
    }

    private static double height(PageSession s) {
        return ((Number)
                        s.js("document.querySelector('.curve[data-metric=fai] canvas').getBoundingClientRect().height"))
                .doubleValue();
    }

    private PageSession open(ReportData report, String hash, int width, int height) throws IOException {
        return PageSession.open(chromium, directory, report, hash, width, height);
    }
}
