package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.credit.Couplings;
import dev.upbeat.linkage.Chunk;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chunks and couplings on the page, against those of the Java code. */
class BeatPageTest extends BrowserTest {
    private static final double PEAK_SHARE = 0.3;

    /** Response tokens t for whose x the canvas has ink in the rows [top, bottom) of its plotting area. */
    private static final String COLUMNS_WITH_INK =
            "([selector, length, top, bottom]) => { const canvas = document.querySelector(selector);"
                    + " const over = document.querySelector('.u-over').getBoundingClientRect(); const box = canvas.getBoundingClientRect();"
                    + " const ctx = canvas.getContext('2d'); return Array.from({ length }, (_, t) => t).filter(t => {"
                    + " const x = Math.round((over.left - box.left + over.width * (t + 0.5) / length) * devicePixelRatio);"
                    + " return ctx.getImageData(x, top * devicePixelRatio, 1, (bottom - top) * devicePixelRatio)"
                    + ".data.filter((_, i) => i % 4 === 3).some(alpha => alpha > 0); }); }";

    @Test
    void everyOtherChunkIsShadedInTextAndCurves() throws IOException {
        ReportRow row = row(0);
        int length = row.trace().responseIds().length;
        List<Chunk> chunks = Chunk.of(row.observation().waad(), PEAK_SHARE);
        TreeSet<Integer> shaded = new TreeSet<>();
        for (int i = 1; i < chunks.size(); i += 2) {
            IntStream.range(chunks.get(i).start(), chunks.get(i).end()).forEach(shaded::add);
        }
        try (PageSession s = wide(DemoReport.report(List.of(row)))) {
            assertThat(numbers(s.js("Array.from(document.querySelectorAll('.shaded .t'), t => Number(t.id.slice(1)))")))
                    .containsExactlyElementsOf(shaded);
            assertThat(bands(s, length)).containsExactlyElementsOf(shaded);
            s.page.keyboard().press("c");
            assertThat(s.count(".shaded")).isZero();
            assertThat(bands(s, length)).isEmpty();
            s.page.locator(".menu summary:text-is('Show')").click();
            s.page.locator("#chunks").check();
            assertThat(bands(s, length)).isNotEmpty();
            assertThat(s.count(".shaded")).isPositive();
        }
    }

    @Test
    void everyCouplingHasABracket() throws IOException {
        ReportRow row = row(0);
        int[] intros = intros(row);
        TreeSet<Integer> covered = new TreeSet<>();
        for (int t = 0; t < intros.length; t++) {
            if (intros[t] != Couplings.NONE) {
                IntStream.rangeClosed(intros[t], t).forEach(covered::add);
            }
        }
        assertThat(covered).hasSizeBetween(10, intros.length - 10);
        try (PageSession s = wide(DemoReport.report(List.of(row)))) {
            assertThat(brackets(s, intros.length)).containsExactlyElementsOf(covered);
            s.page.keyboard().press("k");
            assertThat(s.page.locator(".couplings").isVisible()).isFalse();
            s.page.keyboard().press("k");
            assertThat(brackets(s, intros.length)).containsExactlyElementsOf(covered);
        }
        ReportRow longer = DemoReport.row("long", DemoText.prompt(0), DemoText.response(0, 2000), 1, 5, false);
        try (PageSession s = wide(DemoReport.report(List.of(longer)))) {
            assertThat(s.page.locator(".couplings .hint").textContent()).isEqualTo("Zoom in to see them.");
        }
    }

    @Test
    void aTokenNamesItsIntroAndWhatItIntroduces() throws IOException {
        ReportRow row = row(0);
        int[] intros = intros(row);
        int anchor = IntStream.range(0, intros.length)
                .filter(t -> intros[t] != Couplings.NONE)
                .findFirst()
                .orElseThrow();
        int intro = intros[anchor];
        try (PageSession s = wide(DemoReport.report(List.of(row)))) {
            s.token(anchor).dispatchEvent("click");
            Locator coupling = s.page.locator("section[aria-label=Coupling]");
            assertThat(coupling.textContent()).contains("introduced by", "change of WAAD");
            assertThat(s.token(intro).getAttribute("class")).contains("partner");
            coupling.locator(".link").first().click();
            assertThat(s.hash()).contains("token=" + intro);
            assertThat(coupling.textContent()).contains("introduces", "FAI");
            assertThat(s.token(anchor).getAttribute("class")).contains("partner");
            assertThat(s.page.locator(".where").textContent()).contains("chunk ");
            int alone = IntStream.range(0, intros.length)
                    .filter(t ->
                            intros[t] == Couplings.NONE && IntStream.of(intros).noneMatch(other -> other == t))
                    .findFirst()
                    .orElseThrow();
            s.token(alone).dispatchEvent("click");
            assertThat(coupling.count()).isZero();
        }
    }

    @Test
    void chunksAndCouplingsAreSavedWithTheColumnsOfSql() throws IOException {
        float[] waad = {2, 9, 1, 1, 8, 0.5f};
        float[] fai = {0.01f, 0.02f, 0.5f, 0.4f, 0.03f, Float.NaN};
        ReportRow row = new ReportRow(
                new Trace("x", new int[] {1, 2}, new int[6], List.of("a", " =", "\"", "c", "=d", "e"), 1, null),
                new Observation(new float[6], new float[6], waad, fai, null, null, null),
                null,
                null,
                List.of(),
                new PeakPositions(DemoReport.peaks(waad), new int[0], new int[0], new int[0]));
        assertThat(Chunk.of(waad, PEAK_SHARE))
                .containsExactly(new Chunk(0, 1, null), new Chunk(1, 4, 8.0), new Chunk(4, 6, 7.5));
        StringBuilder couplings = new StringBuilder("trace_id,intro,anchor,waad_change,fai\n");
        int[] intros = intros(row);
        for (int t = 0; t < intros.length; t++) {
            if (intros[t] != Couplings.NONE) {
                couplings.append("x,%d,%d,%s,%s\n"
                        .formatted(
                                2 + intros[t],
                                2 + t,
                                Math.round(Math.abs(waad[intros[t]] - waad[intros[t] + 1])),
                                fai[t]));
            }
        }
        assertThat(couplings.toString()).contains("\nx,3,4,8,0.5\n");
        try (PageSession s = wide(DemoReport.report(List.of(row)))) {
            assertThat(saved(s, "Chunks of this trace, CSV"))
                    .isEqualTo("trace_id,start,end,tokens,depth,text\n"
                            + "x,2,3,1,,a\nx,3,6,3,8,\" =\"\"c\"\nx,6,8,2,7.5,'=de\n");
            assertThat(saved(s, "Couplings of this trace, CSV")).isEqualTo(couplings.toString());
            assertThat(saved(s, "Tokens of all traces, CSV"))
                    .contains(",intro\n")
                    .contains(",false,false,3\n");
            assertThat(s.errors).isEmpty();
        }
    }

    private static String saved(PageSession s, String item) throws IOException {
        return s.saved(() -> {
            s.page.locator(".menu summary:text-is('Export')").click();
            s.page.locator(".menu .items button:text-is('" + item + "')").click();
        });
    }

    /** Tokens with a band behind the curve of WAAD, seen at the upper edge, which the curve does not reach. */
    private static List<Integer> bands(PageSession s, int length) {
        return withInk(s, ".curve[data-metric=waad] canvas", length, 8, 9);
    }

    /** Tokens below a bracket; its arrow, which is wider than a token, is lower. */
    private static List<Integer> brackets(PageSession s, int length) {
        return withInk(s, ".couplings canvas", length, 0, 31);
    }

    private static List<Integer> withInk(PageSession s, String canvas, int length, int top, int bottom) {
        return numbers(s.page.evaluate(COLUMNS_WITH_INK, List.of(canvas, length, top, bottom)));
    }

    private static List<Integer> numbers(Object found) {
        List<Integer> numbers = new ArrayList<>();
        ((List<?>) found).forEach(number -> numbers.add(((Number) number).intValue()));
        return numbers;
    }

    private static int[] intros(ReportRow row) {
        return Couplings.of(row.observation().waad(), row.observation().fai()).intros();
    }

    private static ReportRow row(int problem) {
        return DemoReport.row("a", DemoText.prompt(problem), DemoText.response(problem), 1, problem, false);
    }

    private PageSession wide(ReportData report) throws IOException {
        return PageSession.open(chromium, directory, report, "", 1600, 1400);
    }
}
