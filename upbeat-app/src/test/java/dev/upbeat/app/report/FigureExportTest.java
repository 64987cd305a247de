package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.upbeat.credit.Couplings;
import dev.upbeat.linkage.Chunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Figures of the tinted text that the page saves. */
class FigureExportTest extends BrowserTest {
    private static final ReportRow ROW = DemoReport.row("a", DemoText.prompt(0), DemoText.response(0), 1, 0, false);

    @Test
    void theTintedTextIsSavedWithItsMarksAndCurves() throws Exception {
        int length = ROW.trace().responseIds().length;
        try (PageSession s = page("#trace=0&by=entropy", ColorScheme.LIGHT)) {
            String light = s.saved(() -> export(s, "SVG"));
            Document document = parsed(light);
            List<Element> tokens = classed(document, "text", "token");
            assertThat(tokens).hasSize(length);
            assertThat(tokens.get(3).getTextContent())
                    .isEqualTo(Objects.requireNonNull(ROW.trace().tokens()).get(3));
            assertThat(classed(document, "path", "mark"))
                    .hasSize(ROW.peaks().waad().length + ROW.peaks().fai().length + 2); // and two in the legend
            assertThat(classed(document, "g", "curve").stream()
                            .map(curve ->
                                    curve.getElementsByTagName("text").item(0).getTextContent()))
                    .containsExactly("WAAD", "FAI", "entropy");
            assertThat(light).contains("tint: entropy, ").contains("seed: 0");
            s.page.locator("#theme").click();
            assertThat(s.saved(() -> export(s, "SVG")))
                    .as("the theme of the page")
                    .isEqualTo(light);
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aZoomedPartIsSavedAlone() throws Exception {
        try (PageSession s = page("#trace=0&by=waad&zoom=5-20", ColorScheme.DARK)) {
            List<Element> tokens = classed(parsed(s.saved(() -> export(s, "SVG"))), "text", "token");
            assertThat(tokens).hasSize(16);
            assertThat(tokens.get(0).getTextContent())
                    .isEqualTo(Objects.requireNonNull(ROW.trace().tokens()).get(5));
            byte[] png = s.savedBytes(() -> export(s, "PNG"));
            assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(1800);
        }
    }

    @Test
    void chunksAndCouplingsAreSavedAsShown() throws Exception {
        int[] intros =
                Couplings.of(ROW.observation().waad(), ROW.observation().fai()).intros();
        long couplings = Arrays.stream(intros).filter(t -> t != Couplings.NONE).count();
        List<Chunk> chunks = Chunk.of(ROW.observation().waad(), 0.3);
        int shaded = IntStream.range(0, chunks.size())
                .filter(i -> i % 2 == 1)
                .map(i -> chunks.get(i).tokens())
                .sum();
        try (PageSession s = page("#trace=0&by=waad", ColorScheme.DARK)) {
            Document shown = parsed(s.saved(() -> export(s, "SVG")));
            assertThat(classed(shown, "path", "coupling")).hasSize((int) couplings);
            assertThat(classed(shown, "rect", "chunk")).hasSize(shaded + 2 * (chunks.size() / 2));
            s.page.keyboard().press("c");
            s.page.keyboard().press("k");
            Document hidden = parsed(s.saved(() -> export(s, "SVG")));
            assertThat(classed(hidden, "path", "coupling")).isEmpty();
            assertThat(classed(hidden, "rect", "chunk")).isEmpty();
        }
    }

    @Test
    void hebrewRunsFromRightToLeft() throws Exception {
        List<String> tokens = List.of("\u05e9\u05dc\u05d5\u05dd", " \u05e2\u05d5\u05dc\u05dd");
        ReportRow row = DemoReport.row("h", DemoText.prompt(0), tokens, 1, 0, false);
        try (PageSession s =
                PageSession.open(chromium, directory, DemoReport.report(List.of(row)), "#trace=0", 1280, 900)) {
            double[] x = classed(parsed(s.saved(() -> export(s, "SVG"))), "text", "token").stream()
                    .mapToDouble(token -> Double.parseDouble(token.getAttribute("x")))
                    .toArray();
            assertThat(x[1]).as(Arrays.toString(x)).isLessThan(x[0]);
        }
    }

    private static void export(PageSession s, String kind) {
        s.page.locator(".menu summary:text-is('Export')").click();
        s.page.locator(".menu .items button:text-is('Text and curves, " + kind + "')")
                .click();
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> classed(Document document, String tag, String name) {
        NodeList all = document.getElementsByTagName(tag);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .filter(element -> element.getAttribute("class").equals(name))
                .toList();
    }

    private PageSession page(String hash, ColorScheme scheme) throws IOException {
        return PageSession.open(chromium, directory, DemoReport.report(List.of(ROW)), hash, 1600, 900, scheme);
    }
}
