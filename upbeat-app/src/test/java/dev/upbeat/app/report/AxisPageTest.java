package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes of the page's curves: their ends, ticks and labels. */
class AxisPageTest extends BrowserTest {
    /** Collects the labels beside the vertical axes, by metric, of all curves that are drawn from now on. */
    private static final String HEAR_LABELS =
            "(() => { window.heard = {}; const draw = CanvasRenderingContext2D.prototype.fillText;"
                    + " CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {"
                    + " const curve = this.canvas.closest('[data-metric]');"
                    + " if (curve && this.textAlign === 'right') {"
                    + " (heard[curve.dataset.metric] ??= []).push({ text, left: where[0] - this.measureText(text).width }); }"
                    + " return draw.call(this, text, ...where); }; })()";

    /** Upper and lower end, in pixels of the screen, of what is drawn in the colour of the first run. */
    private static final String LINE_EXTENT = "(metric) => { const canvas ="
            + " document.querySelector(`[data-metric='${metric}'] canvas`); const { width, height } = canvas;"
            + " const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data; const rows = [];"
            + " for (let i = 0; i < pixels.length; i += 4) { if (pixels[i + 3] > 200 && pixels[i] < 80 && pixels[i + 2] > 140)"
            + " { rows.push(Math.floor(i / 4 / width)); } }"
            + " return [Math.min(...rows), Math.max(...rows)].map((row) => row / devicePixelRatio); }";

    @Test
    void aRewardThatDiffersByRoundingIsFlat() throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (int step = 1; step <= 8; step++) {
            lines.add(Map.of(
                    "step",
                    (long) step,
                    "reward",
                    step % 2 == 0 ? 0.1 : 0.09999999999999999,
                    "loss",
                    step * 1e-18,
                    "entropy",
                    0.5 + step * 1e-12,
                    "grad_norm",
                    0.0,
                    "eval/accuracy",
                    0.0));
        }
        try (PageSession s = training(lines)) {
            s.page.locator("button[data-key=none]").click(); // without running peaks there is one line in full colour
            for (String metric : List.of("reward", "loss", "entropy", "grad_norm")) {
                List<Double> extent = extent(s, metric);
                assertThat(extent.get(1) - extent.get(0)).as(metric).isLessThan(4);
            }
            Map<String, List<String>> labels = labels(s);
            assertThat(labels.get("reward")).contains("0.100").hasSizeGreaterThan(2);
            assertThat(labels.get("eval/accuracy")).startsWith("0.000").endsWith("0.100");
            assertThat(labels).allSatisfy((metric, read) -> assertThat(read)
                    .as(metric)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .doesNotHaveDuplicates());
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aSingleValueIsAPoint() throws IOException {
        try (PageSession s = training(
                List.of(Map.of("step", 1L, "reward", 1.0, "loss", 0.25, "entropy", 0.3, "eval/accuracy", 1.0)))) {
            for (String metric : List.of("reward", "loss", "entropy", "eval/accuracy")) {
                List<Double> extent = extent(s, metric);
                assertThat(extent.get(1) - extent.get(0)).as(metric).isBetween(2.0, 8.0);
            }
            assertThat(labels(s).get("eval/accuracy")).endsWith("1.000");
            assertThat(s.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0, 0, {least: 0.1, top: 1} | 0, 0.1",
                "1, 1, {least: 0.1, top: 1} | 0.9, 1",
                "0.5, 0.5, {least: 0.1, top: 1} | 0.45, 0.55",
                "0.01, 0.98, {least: 0.1, top: 1} | 0, 1",
                "0, 0, {} | 0, 1",
                "-2, -2, {} | -2.1, -1.9",
                "-1, 1, {top: 1} | -1.12, 1",
                "NaN, NaN, {} | 0, 1",
            })
    void anAxisHasALeastSpanAndKeepsItsSign(String call, String ends) throws IOException {
        try (PageSession s = page()) {
            List<Double> found = numbers(s, "axisEnds(" + call + ")");
            String[] expected = ends.split(", ");
            assertThat(found.get(0)).isCloseTo(Double.parseDouble(expected[0]), within(1e-9));
            assertThat(found.get(1)).isCloseTo(Double.parseDouble(expected[1]), within(1e-9));
        }
    }

    /** 4,000 random axes, linear and logarithmic. */
    @Test
    void everyAxisHasTwoDifferentLabels() throws IOException {
        try (PageSession s = page()) {
            assertThat(s.js("(async () => { const { logLabels, logTicks, ticks } = await import('upbeat/axis.js');"
                            + " const { tickLabels } = await import('upbeat/numbers.js'); const wrong = [];"
                            + " let seed = 7; const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;"
                            + " for (let i = 0; i < 2000; i++) {"
                            + " const min = (random() - 0.5) * 10 ** Math.floor(8 * random() - 4); const n = Math.floor(6 * random());"
                            + " const max = min + Math.max(Math.abs(min) * 0.1, 1e-6) * (1 + 30 * random());"
                            + " const at = ticks(min, max, n); const labels = tickLabels(at, at[1] - at[0]);"
                            + " if (labels.length < 2 || new Set(labels).size < labels.length || at[0] < min - 1e-9 * (max - min)"
                            + " || at.at(-1) > max + 1e-8 * (max - min)) { wrong.push([min, max, n, labels]); }"
                            + " const least = 10 ** (-7 * random()); const most = least * (1.3 + 10 ** (5 * random()));"
                            + " const powers = logTicks(least, most, n); const named = logLabels(powers);"
                            + " if (named.length < 2 || new Set(named).size < named.length) { wrong.push([least, most, n, named]); } }"
                            + " return JSON.stringify(wrong.slice(0, 5)); })()"))
                    .isEqualTo("[]");
        }
    }

    @Test
    void theLogarithmicAxisOfFaiIsKeptInTheLink() throws IOException {
        float[] fai = {0.1f, 0.01f, 0f, 0.001f, 0.0001f, Float.NaN, 0.02f, Float.NaN};
        float[] flat = {1, 1, 1, 1, 1, 1, 1, 1};
        ReportRow row = new ReportRow(
                new Trace("a", new int[] {1}, new int[8], null, 1, null),
                DemoReport.observation(flat, flat, flat, fai, null),
                null,
                null,
                List.of(),
                new PeakPositions(new int[0], new int[0], new int[0], new int[0]));
        try (PageSession s = PageSession.open(chromium, directory, DemoReport.report(List.of(row)), "", 1600, 900)) {
            s.page.locator(".curve[data-metric=fai] .log").click();
            assertThat(s.hash()).isEqualTo("#trace=0&by=waad&axis=log");
            assertThat(labels(s).get("fai")).containsExactly("1e\u22124", "1e\u22123", "0.01", "0.1");
            String svg = s.saved(() -> {
                s.page.locator(".curve[data-metric=fai]").hover();
                s.page.locator(".curve[data-metric=fai] .save button").first().click();
            });
            assertThat(svg)
                    .contains(">0.1</text>")
                    .contains(">1e\u22123</text>")
                    .contains("<circle");
            String[] points = svg.replaceAll("(?s).*class=\"line\" d=\"M([^\"]*)\".*", "$1")
                    .split("[ML]");
            double decade = y(points[1]) - y(points[0]);
            assertThat(decade).isPositive();
            assertThat(y(points[3]) - y(points[1]))
                    .as("equal ratios, equal distances")
                    .isCloseTo(decade, within(0.02));
            s.page.reload();
            s.page.waitForSelector(".curve[data-metric=fai] .log[aria-pressed=true]");
            s.page.keyboard().press("l");
            assertThat(s.hash()).isEqualTo("#trace=0&by=waad");
            assertThat(s.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"390, ''", "1600, ''", "390, '&axis=log'", "1600, '&axis=log'"})
    void noLabelOfACurveIsClipped(int width, String axis) throws IOException {
        try (PageSession s =
                PageSession.open(chromium, directory, DemoReport.analysis(), "#trace=1" + axis, width, 900)) {
            s.js(HEAR_LABELS);
            s.page.locator("#theme").click(); // draws all curves again
            assertThat((Double) s.js("Math.min(...Object.values(heard).flat().map(({ left }) => left))"))
                    .isGreaterThanOrEqualTo(0);
        }
    }

    private static double y(String point) {
        return Double.parseDouble(point.split(" ")[1]);
    }

    @SuppressWarnings("unchecked")
    private static List<Double> extent(PageSession s, String metric) {
        return ((List<Number>) s.page.evaluate(LINE_EXTENT, metric))
                .stream().map(Number::doubleValue).toList();
    }

    /** The labels of all curves, drawn once more; the lowest first. */
    @SuppressWarnings("unchecked")
    private static Map<String, List<String>> labels(PageSession s) {
        s.js(HEAR_LABELS);
        s.page.locator("#theme").click(); // draws all curves again
        Map<String, List<String>> labels = new LinkedHashMap<>();
        ((Map<String, List<Map<String, Object>>>) s.js("heard"))
                .forEach((metric, drawn) -> labels.put(
                        metric,
                        drawn.stream().map(label -> (String) label.get("text")).toList()));
        return labels;
    }

    private static List<Double> numbers(PageSession s, String call) {
        List<Double> numbers = new ArrayList<>();
        for (Object number : (List<?>) s.js("(async () => (await import('upbeat/axis.js'))." + call + ")()")) {
            numbers.add(((Number) number).doubleValue());
        }
        return numbers;
    }

    private PageSession page() throws IOException {
        return PageSession.open(chromium, directory, DemoReport.analysis(), "#tab=summary", 1280, 900);
    }

    private PageSession training(List<Map<String, Object>> lines) throws IOException {
        Path run = directory.resolve("run");
        Map<String, Object> config = Map.of("kind", "grpo");
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("countdown", "ab".repeat(32)), null, config, 0, "2.10.0", 2, "products f32", List.of());
        try (TrainingRun training = TrainingRun.begin(TrainingRun.reserve(run), config, provenance)) {
            for (Map<String, Object> line : lines) {
                training.metrics().append(line);
            }
        }
        ReportData data = ReportBuilder.build(RunDirectory.open(run)).data();
        return PageSession.open(chromium, directory, data, "", 1600, 900);
    }
}
