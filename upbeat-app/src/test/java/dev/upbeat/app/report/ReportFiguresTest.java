package dev.upbeat.app.report;

import static dev.upbeat.app.report.ReportPageTest.decimal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.BoundingBox;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the page draws, counts, says and saves, against the data it was given. */
class ReportFiguresTest extends BrowserTest {
    @Test
    void anchorsAreOrderedByStrength() throws IOException {
        ReportRow row = new ReportRow(
                new Trace("a", new int[] {1}, new int[] {30, 31, 32}, List.of("x", "y", "z"), 1, null),
                DemoReport.observation(new float[3], new float[3], new float[3], new float[] {0.1f, 0.3f, 0.2f}, null),
                null,
                null,
                List.of(),
                new PeakPositions(
                        new int[0], new int[] {1}, new int[0], new int[0], new int[] {0, 2}, new float[] {1.5f, 4}));
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            Locator anchors = s.page.locator("section.links:has-text('Strongest anchors')");
            anchors.waitFor();
            assertThat(anchors.locator("li .distance").allTextContents()).containsExactly("2", "0");
            assertThat(anchors.textContent()).contains("2 in all", "over the median FAI");
        }
    }

    @Test
    void tokensAreSavedAsExactCsv() throws IOException {
        float[] logProbs = {-0.25f, -1.1f, 0f};
        float[] entropy = {0.1f, 1e-7f, 2f};
        float[] waad = {3f, 0.33333334f, 10f};
        float[] fai = {0.1f, 0.016666668f, Float.NaN};
        ReportRow row = new ReportRow(
                new Trace("a,\"b\"", new int[] {1, 2}, new int[] {30, 31, 32}, List.of(" x", "\",\n", "=1"), 1, 1.0),
                DemoReport.observation(logProbs, entropy, waad, fai, null),
                null,
                null,
                List.of(),
                new PeakPositions(
                        new int[] {2}, new int[] {0}, new int[0], new int[0], new int[] {1}, new float[] {2.5f}));
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            String csv = s.saved(() -> export(s, "Tokens of this trace, CSV"));
            assertThat(csv)
                    .isEqualTo(
                            "trace_id,position,token_id,token,log_prob,entropy_nats,waad,fai,waad_peak,fai_peak,anchor,intro\n"
                                    + "\"a,\"\"b\"\"\",2,30, x,-0.25,0.1,3,0.1,false,true,false,\n"
                                    + "\"a,\"\"b\"\"\",3,31,\"\"\",\n\",-1.1,1e-7,0.33333334,0.016666668,false,false,true,2\n"
                                    + "\"a,\"\"b\"\"\",4,32,'=1,0,2,10,,true,false,false,\n");
        }
    }

    @Test
    void theTokensOfAllTracesAreSavedTogether() throws IOException {
        ReportData report = DemoReport.analysis();
        RunReport run = report.runs().get(0);
        int tokens = run.rows().stream()
                .mapToInt(row -> row.trace().responseIds().length)
                .sum();
        try (PageSession s = wide(report, "")) {
            String csv = s.saved(() -> export(s, "Tokens of all traces, CSV"));
            assertThat(csv).startsWith("trace_id,").contains("receiver_fai").contains("\ngsm8k-test-15,");
            assertThat(s.js("(async () => (await import('upbeat/csv.js')).tokensCsv([]).length)()"))
                    .isNotNull();
            // Only the paragraph breaks hold a line break within a field.
            long breaks = run.rows().stream()
                    .flatMap(row -> DemoText.response(run.rows().indexOf(row)).stream())
                    .mapToLong(token -> token.chars().filter(c -> c == '\n').count())
                    .sum();
            assertThat(csv.lines().count()).isEqualTo(1 + tokens + breaks);
        }
    }

    @Test
    void aCurveIsSavedAsSvgWithPointsAndPeaks() throws Exception {
        ReportRow row = row("<b>&");
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            String svg = s.saved(() -> saveButton(s, "fai", "SVG").click());
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                    .contains("FAI")
                    .contains("<b>&");
            assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                    .contains("seed: 0");
            assertThat(classed(document, "peak")).hasSize(row.peaks().fai().length);
            assertThat(classed(document, "undefined")).hasSize(1);
            String line = classed(document, "line").get(0).getAttribute("d");
            assertThat(line.split("[ML]"))
                    .hasSize(row.trace().responseIds().length); // one is undefined, one split is empty
        }
    }

    @Test
    void aCurveIsSavedAsPng() throws IOException {
        try (PageSession s = wide(DemoReport.report(List.of(row("a"))), "")) {
            byte[] png = s.savedBytes(() -> saveButton(s, "waad", "PNG").click());
            assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(1800);
        }
    }

    @Test
    void wheelAndDragZoomAndDoubleClickResets() throws IOException {
        try (PageSession s = wide(DemoReport.report(List.of(row("a"))), "")) {
            Locator over = s.page.locator(".curve[data-metric=entropy] .u-over");
            BoundingBox box = over.boundingBox();
            s.page.mouse().move(box.x + box.width / 2, box.y + 10);
            s.page.mouse().wheel(0, -100);
            assertThat(s.hash()).contains("zoom=");
            over.dblclick();
            assertThat(s.hash()).doesNotContain("zoom=").doesNotContain("token=");
            s.page.mouse().move(box.x + box.width * 0.25, box.y + 10);
            s.page.mouse().down();
            s.page.mouse().move(box.x + box.width * 0.5, box.y + 12);
            s.page.mouse().move(box.x + box.width * 0.75, box.y + 12);
            s.page.mouse().up();
            int length = row("a").trace().responseIds().length;
            String[] zoom = s.hash().replaceAll(".*zoom=", "").split("-");
            assertThat(Double.parseDouble(zoom[0])).isCloseTo(length * 0.25, within(3.0));
            assertThat(Double.parseDouble(zoom[1])).isCloseTo(length * 0.75, within(3.0));
            assertThat(s.hash()).doesNotContain("token=");
        }
    }

    @Test
    void aTokenShowsItsLinksInBothDirections() throws IOException {
        int[][] global = {{0, -1}, {2, 0}, {2, 3}};
        float[][] globalWeights = {{0.5f, 0}, {0.25f, 0.125f}, {0.4f, 0.1f}};
        int[][] local = {{1, 0}, {2, 1}, {3, 2}};
        float[][] localWeights = {{0.5f, 0.25f}, {0.5f, 0.25f}, {0.5f, 0.25f}};
        float[] values = {0.1f, 0.2f, 0.3f};
        ReportRow row = new ReportRow(
                new Trace("a", new int[] {7, 8}, new int[] {30, 31, 32}, List.of("One", " two", " three"), 1, null),
                DemoReport.observation(
                        values, values, values, values, new Links(global, globalWeights, local, localWeights)),
                List.of("What", "?"),
                null,
                List.of(),
                new PeakPositions(new int[0], new int[0], new int[0], new int[0]));
        try (PageSession s = wide(DemoReport.report(List.of(row)), "#trace=0&token=0")) {
            assertThat(links(s, "Draws on", 0)).containsExactly("What\u22122" + "0.500");
            assertThat(links(s, "Draws on", 1)).containsExactly("What?\u22121" + "0.500", "What\u22122" + "0.250");
            assertThat(links(s, "Drawn on by", 0)).containsExactly("?One two three+20.400", "What?One two+10.250");
            assertThat(s.token(1).getAttribute("class")).contains("target");
            s.page.locator("section[aria-label='Drawn on by'] .link").first().click();
            assertThat(s.hash()).contains("token=2");
            assertThat(s.token(0).getAttribute("class")).contains("source");
            s.page.locator(".link:has-text('One')").first().click();
            s.page.locator("section[aria-label='Draws on'] .side:nth-child(1) .link")
                    .click();
            assertThat(s.page.locator(".of-prompt").textContent()).isEqualTo("What?");
            assertThat(s.page.locator("[id='t-2']").getAttribute("class")).contains("hit");
        }
    }

    @Test
    void theInspectorGivesEachValueItsUnitAndRank() throws IOException {
        ReportRow row = row("a");
        float[] waad = row.observation().waad();
        try (PageSession s = wide(DemoReport.report(List.of(row)), "#trace=0&token=30")) {
            long below = 0;
            for (float value : waad) {
                below += value < waad[30] ? 1 : 0;
            }
            List<String> cells =
                    s.page.locator(".inspector tr:has(th:text-is('WAAD')) td").allTextContents();
            assertThat(cells.get(0)).isEqualTo(decimal(waad[30], 2));
            assertThat(cells.get(1)).isEqualTo("tokens");
            assertThat(cells.get(3)).startsWith(Long.toString(Math.round(100.0 * below / (waad.length - 1))));
        }
    }

    @Test
    void aSentenceShowsItsMeanAndMaximum() throws IOException {
        float[] waad = {1, 2, 6, 4, 8};
        ReportRow row = new ReportRow(
                new Trace(
                        "a",
                        new int[] {1},
                        new int[] {1, 2, 3, 4, 5},
                        List.of("It", " is", " 3.", " So", " be it."),
                        1,
                        null),
                DemoReport.observation(waad, waad, waad, waad, null),
                null,
                null,
                List.of(),
                new PeakPositions(new int[] {2, 4}, new int[0], new int[0], new int[0]));
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            s.page.keyboard().press("s");
            assertThat(s.page.locator(".gutter .numbers").allTextContents())
                    .containsExactly("3.00 · 6.00", "6.00 · 8.00");
            s.page.locator(".gutter").first().click();
            assertThat(s.hash()).contains("token=2").contains("view=sentences");
        }
    }

    @Test
    void peaksAreMarkedByShapeAndCanBeHidden() throws IOException {
        ReportRow row = row("a");
        try (PageSession s = wide(DemoReport.report(List.of(row)), "")) {
            int preplan = row.peaks().waad()[1];
            int anchor = row.peaks().fai()[1];
            assertThat(s.token(preplan).getAttribute("class")).contains("caret");
            assertThat(s.token(anchor).getAttribute("class")).contains("star");
            assertThat((String)
                            s.js("getComputedStyle(document.getElementById('t" + anchor + "'), '::after').maskImage"))
                    .startsWith("url(");
            assertThat(s.page.locator(".stepper .count").allTextContents())
                    .containsExactly(
                            row.peaks().waad().length + " preplan points",
                            row.peaks().fai().length + " anchors");
            s.page.locator(".menu summary:text-is('Show')").click();
            s.page.locator("#marks").uncheck();
            assertThat(s.count(".t.caret, .t.star")).isZero();
        }
    }

    @Test
    void theHeadGridShowsSpanAndGroups() throws IOException {
        ReportData report = DemoReport.analysis();
        RunReport run = report.runs().get(0);
        try (PageSession s = wide(report, "#tab=heads")) {
            assertThat(s.count(".cell")).isEqualTo(270);
            assertThat(s.count(".cell .mark.local")).isEqualTo(81);
            assertThat(s.count(".cell .mark.global")).isEqualTo(81);
            assertThat(s.count(".cell .mark.receiver")).isEqualTo(27);
            var head = requireNonNull(run.heads()).local().get(0);
            float[] spans = requireNonNull(run.heads()).spanTokens().getOrDefault(head.layer(), new float[0]);
            Locator cell = s.page.locator("[aria-label^='layer " + head.layer() + ", head " + head.head() + ":']");
            cell.hover();
            assertThat(s.page.locator(".details").textContent())
                    .contains("Layer " + head.layer() + ", head " + head.head())
                    .contains(decimal(spans[head.head()], 2) + " tokens")
                    .contains("local");
            cell.click();
            s.page.keyboard().press("ArrowRight");
            assertThat(s.page.locator(".details h3").textContent())
                    .isEqualTo("Layer " + head.layer() + ", head " + (head.head() + 1));
        }
    }

    @Test
    void aClickOnAHeadDrawsItsCurves() throws IOException {
        ReportData report = DemoReport.analysis();
        HeadRhythm own = report.runs().get(0).rows().get(1).heads().get(3 * 9 + 2);
        assertThat(own.head()).isEqualTo(new Head(3, 2));
        try (PageSession s = wide(report, "#tab=heads&trace=1")) {
            s.page.locator("[aria-label^='layer 3, head 2:']").click();
            Locator plots = s.page.locator(".head-curves .plot");
            assertThat(plots.count()).isEqualTo(2);
            float most = 0;
            for (float value : own.waad()) {
                most = Math.max(most, value);
            }
            assertThat(s.page.locator(".head-curves figcaption").first().textContent())
                    .isEqualTo("WAAD tokens · this head at most " + decimal(most, 2));
            Locator over = plots.first().locator(".u-over");
            over.hover(new Locator.HoverOptions().setPosition(100, 40));
            String reading = s.page.locator(".head-side .reading").textContent();
            int token = Integer.parseInt(reading.replaceAll("token (\\d+).*", "$1"));
            double shown = Double.parseDouble(reading.replaceAll(".*WAAD ([\\d.]+) .*", "$1"));
            assertThat(shown).isCloseTo(own.waad()[token], within(most / 254.0 / 2 + 0.005));
            assertThat(reading)
                    .contains("mean "
                            + decimal(
                                    report.runs()
                                            .get(0)
                                            .rows()
                                            .get(1)
                                            .observation()
                                            .waad()[token],
                                    2));
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void missingHeadCurvesAreExplained() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "#tab=heads&trace=5")) {
            Locator side = s.page.locator(".head-side");
            assertThat(side.textContent()).contains("Not kept for this trace, but for gsm8k-test-0, gsm8k-test-1.");
            side.locator(".go").nth(1).click();
            s.page.waitForSelector(".head-curves .plot");
            assertThat(s.hash()).contains("trace=1");
        }
        try (PageSession s = wide(DemoReport.report(List.of(row("a"))), "#tab=heads")) {
            assertThat(s.page.locator(".head-side").textContent()).contains("analyze --head-series N keeps them");
        }
    }

    @Test
    void theSummaryStatesEachLinkageWithChanceAndInterval() throws IOException {
        try (PageSession s = wide(DemoReport.analysis(), "#tab=summary")) {
            List<String> findings = s.page.locator(".finding").allTextContents();
            assertThat(findings.get(0))
                    .contains("The model is less certain where it plans.")
                    .contains("0.361 nats at the 812 preplan points")
                    .contains("against 0.239 nats when they are shuffled within their response")
                    .contains("over all response tokens): +51% (95% interval +41% to +63%; p < 0.001)");
            assertThat(findings.get(1)).contains("60.8% of the 498 peaks").contains("22.4% when they are shuffled");
            assertThat(findings.get(2))
                    .contains("no clear difference from chance")
                    .contains("+6.6% (95% interval \u22122.0% to +15%; p = 0.083)");
            assertThat(s.page.locator("#summary").textContent())
                    .contains("libtorch")
                    .contains("2.10.0");
            assertThat(s.count("#summary thead th:text-is('by chance')")).isEqualTo(2);
        }
    }

    @Test
    void theMapShowsWeightsAndLeadsToTokens() throws IOException {
        ReportData report = DemoReport.analysis();
        RunReport run = report.runs().get(0);
        MeanMaps map = Objects.requireNonNull(run.rows().get(0).observation().map());
        try (PageSession s = wide(report, "#view=map")) {
            Locator canvas = s.page.locator(".map canvas").first();
            BoundingBox box = canvas.boundingBox();
            int side = map.end() - map.start();
            double cell = box.width / side;
            canvas.hover(new Locator.HoverOptions().setPosition(5.5 * cell, 20.5 * cell));
            assertThat(s.page.locator(".map .readout").textContent())
                    .contains("(" + (map.start() + 20) + ") looks at")
                    .contains("(" + (map.start() + 5) + ")")
                    .contains("weight " + decimal(map.global()[20 * side + 5], 4));
            canvas.click(new Locator.ClickOptions().setPosition(5.5 * cell, 20.5 * cell));
            assertThat(s.hash())
                    .contains("token="
                            + (map.start() + 20 - run.rows().get(0).trace().promptIds().length));
        }
    }

    private static List<String> links(PageSession s, String section, int side) {
        return s.page.locator("section[aria-label='" + section + "'] .side")
                .nth(side)
                .locator(".link")
                .allTextContents();
    }

    private static void export(PageSession s, String item) {
        s.page.locator(".menu summary:text-is('Export')").click();
        s.page.locator(".menu .items button:text-is('" + item + "')").click();
    }

    private static Locator saveButton(PageSession s, String metric, String kind) {
        Locator curve = s.page.locator(".curve[data-metric=" + metric + "]");
        curve.hover();
        return curve.locator(".save button:text-is('" + kind + "')");
    }

    private static List<Element> classed(Document document, String name) {
        NodeList all = document.getElementsByTagName("*");
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .filter(element -> element.getAttribute("class").equals(name))
                .toList();
    }

    private static ReportRow row(String id) {
        return DemoReport.row(id, DemoText.prompt(0), DemoText.response(0), 1, 0, false);
    }

    private PageSession wide(ReportData report, String hash) throws IOException {
        return PageSession.open(chromium, directory, report, hash, 1600, 900);
    }
}
