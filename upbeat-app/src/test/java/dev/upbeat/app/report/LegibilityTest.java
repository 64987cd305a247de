package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That labels and marks can be told apart. */
class LegibilityTest extends BrowserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1.1955, 1.196, 1.1965], 0.0005 | 1.1955 1.1960 1.1965",
                "[0.5, 0.55, 0.6], 0.05 | 0.50 0.55 0.60",
                "[-0.0025, 0, 0.0025], 0.0025 | \u22120.0025 0.0000 0.0025",
                "[-50, 0, 50], 50 | \u221250 0 50",
                "[0, 0.0002, 0.0004], 0.0002 | 0 2e\u22124 4e\u22124",
                "[0.000095, 0.0001, 0.000105], 0.000005 | 9.5e\u22125 1.00e\u22124 1.05e\u22124",
                "[150000, 200000], 50000 | 1.5e5 2.0e5",
            })
    void ticksBesideEachOtherNeverReadAlike(String call, String labels) throws IOException {
        try (PageSession s = page("#tab=summary", 1280)) {
            assertThat(s.js("(async () => (await import('upbeat/numbers.js')).tickLabels(" + call + ").join(' '))()"))
                    .isEqualTo(labels);
        }
    }

    @ParameterizedTest
    @CsvSource({"390", "1280"})
    void noLabelOfTheIntervalsReachesIntoThePlot(int width) throws IOException {
        try (PageSession s = page("#tab=summary", width)) {
            assertThat(s.js("[...document.querySelectorAll('.forest')].every(f => Math.max(...[...f.querySelectorAll("
                            + "'.name')].map(e => e.getBoundingClientRect().right)) <= Math.min(...[...f.querySelectorAll("
                            + "'line')].map(e => e.getBoundingClientRect().left)))"))
                    .isEqualTo(true);
        }
    }

    /** An anchor's mark is below its word, a preplan mark above: between two lines there is room for both. */
    @Test
    void marksOfTwoLinesNeverOverlap() throws IOException {
        try (PageSession s = page("", 1280)) {
            assertThat((Double)
                            s.js("(() => { const of = (what, part) => { const t = document.querySelector('.t.' + what);"
                                    + " const style = getComputedStyle(t, part); const box = t.getBoundingClientRect();"
                                    + " const line = t.closest('.line').getBoundingClientRect();"
                                    + " return part === '::before' ? box.top + parseFloat(style.top) - line.top"
                                    + " : box.bottom - parseFloat(style.bottom) - line.bottom; };"
                                    + " return 0.001 + of('caret', '::before') - of('star', '::after'); })()"))
                    .isPositive();
        }
    }

    /** Numbers of the widest forms, and a scroll bar of 15 pixels, which a headless browser hides. */
    @ParameterizedTest
    @CsvSource({"1600, ''", "1600, '#trace=0&token=1'", "1920, ''"})
    void noUnitOfTheDetailsIsClipped(int width, String hash) throws IOException {
        float[] wide = {9.876f, 10f, 0.001f};
        float[] small = {1.7e-10f, 0.12345f, 0.5f};
        float[] low = {-12.345f, -1.7e-10f, -10.5f};
        ReportRow row = new ReportRow(
                new Trace("a", new int[] {1}, new int[] {1, 2, 3}, List.of("a", "b", "c"), 1, null),
                new Observation(low, small, wide, small, small, null, null),
                null,
                null,
                List.of(),
                new PeakPositions(new int[0], new int[0], new int[0], new int[0]));
        try (PageSession s = PageSession.open(chromium, directory, DemoReport.report(List.of(row)), hash, width, 900)) {
            assertThat(
                            (Integer)
                                    s.js(
                                            "(() => { const panel = document.querySelector('.inspector'); panel.style.overflowY = 'scroll';"
                                                    + " panel.style.paddingRight = parseFloat(getComputedStyle(panel).paddingRight) + 15 + 'px';"
                                                    + " return Math.max(...[...document.querySelectorAll('.values td, .values th')].map(cell =>"
                                                    + " cell.getBoundingClientRect().right)) - panel.getBoundingClientRect().right + 31 | 0; })()"))
                    .isNotPositive();
        }
    }

    private PageSession page(String hash, int width) throws IOException {
        return PageSession.open(chromium, directory, DemoReport.analysis(), hash, width, 900);
    }
}
