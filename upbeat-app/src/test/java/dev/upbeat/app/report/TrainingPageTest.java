package dev.upbeat.app.report;

import static dev.upbeat.app.report.ReportPageTest.decimal;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of trainings, written as a training writes them, in a real browser. */
@SuppressWarnings("NullAway.Init") // the runs are there before every test
class TrainingPageTest extends BrowserTest {
    private static RunDirectory coupled;
    private static RunDirectory uniform;

    @TempDir
    static Path runs;

    @BeforeAll
    static void writeRuns() throws IOException {
        coupled = RunDirectory.open(DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1));
        uniform = RunDirectory.open(DemoTraining.write(runs.resolve("uniform"), "uniform", 1, 2));
    }

    @Test
    void aTrainingOpensWithItsCurves() throws IOException {
        try (PageSession s = wide(one(), "")) {
            assertThat(s.page.locator("#tab-run").getAttribute("aria-selected")).isEqualTo("true");
            assertThat(s.page.locator(".chart:visible b").allTextContents())
                    .containsExactly(
                            "reward",
                            "held-out accuracy",
                            "response length",
                            "entropy",
                            "mean gamma",
                            "tokens clipped by PPO",
                            "loss",
                            "gradient norm",
                            "time of a step");
            s.page.locator(".more summary").click();
            s.page.waitForSelector(".chart[data-metric=learning_rate]");
            assertThat(s.count(".chart")).isEqualTo(11); // reward_std too; kl has no number anywhere
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void theCursorReadsAllCurvesAtAStep() throws IOException {
        double[] reward = series(coupled, "reward");
        try (PageSession s = wide(one(), "")) {
            int step = hover(s, "entropy", 0.6);
            double peak = reward[1];
            for (int t = 2; t <= step; t++) {
                peak = 0.1 * Math.max(reward[t], peak) + 0.9 * peak;
            }
            assertThat(reading(s, "reward")).isEqualTo(decimal(reward[step], 3) + " (E " + decimal(peak, 3) + ")");
            assertThat(reading(s, "entropy")).isEqualTo(decimal(series(coupled, "entropy")[step], 3));

            s.page.locator(".share input").fill("0.5");
            s.page.locator(".share input").press("Enter");
            step = hover(s, "reward", 0.02);
            double first = 0.5 * Math.max(reward[2], reward[1]) + 0.5 * reward[1];
            assertThat(step).isEqualTo(1);
            assertThat(reading(s, "reward")).endsWith("(E " + decimal(reward[1], 3) + ")");
            assertThat(first).isGreaterThanOrEqualTo(reward[1]);

            s.page.locator(".choice[aria-label='Running peaks'] button[data-key=none]")
                    .click();
            hover(s, "reward", 0.5);
            assertThat(reading(s, "reward")).doesNotContain("E");
            s.page.locator(".choice[aria-label='Running peaks'] button[data-key=all]")
                    .click();
            hover(s, "loss", 0.5);
            assertThat(reading(s, "loss")).contains("(E ");
        }
    }

    private static final List<String> BENCHMARKS = List.of("aime24", "aime25", "amc23", "math500", "olympiadbench");

    private ReportData benchmarks() throws IOException {
        return ReportBuilder.sideBySide(List.of(
                RunDirectory.open(DemoTraining.write(directory.resolve("many"), "coupled-rhythm", 1.3, 1, BENCHMARKS)),
                RunDirectory.open(DemoTraining.write(directory.resolve("base"), "uniform", 1, 2, BENCHMARKS))));
    }

    @Test
    void eachBenchmarkHasACurveWithIntervalsBesideTheAverage() throws IOException {
        ReportData data = benchmarks();
        RunDirectory run = RunDirectory.open(directory.resolve("many"));
        try (PageSession s = wide(data, "")) {
            assertThat(s.page.locator(".chart:visible b").allTextContents())
                    .startsWith("reward", "average accuracy", "aime24", "aime25", "amc23", "math500", "olympiadbench")
                    .doesNotContain("held-out accuracy");
            assertThat(s.page.locator(".chart[data-metric='eval/accuracy'] .unit")
                            .textContent())
                    .contains("plain average of 5 benchmarks");
            s.page.locator(".choice[aria-label='Running peaks'] button[data-key=none]")
                    .click();
            int step = hover(s, "eval/amc23/accuracy", 0.5);
            assertThat(step % 5).isZero();
            String name = "eval/amc23/accuracy";
            assertThat(s.page.locator(".chart[data-metric='" + name + "'] .reading")
                            .first()
                            .textContent())
                    .isEqualTo(decimal(series(run, name)[step], 3) + " [" + decimal(series(run, name + "_low")[step], 3)
                            + ", " + decimal(series(run, name + "_high")[step], 3) + "]");
            assertThat(s.page.locator("#run-tab table.versus th[scope=row]").allTextContents())
                    .contains("aime24, accuracy, share of problems");
            s.page.locator(".more summary").click();
            assertThat(s.count(".chart[data-metric$=_low]"))
                    .as("charts of ends")
                    .isZero();
            assertThat(s.errors).isEmpty();
        }
    }

    /** E of sparse accuracies: over the steps with an evaluation. */
    @Test
    void heldOutAccuracyHasARunningPeak() throws IOException {
        double[] accuracy = series(coupled, "eval/accuracy");
        double peak = accuracy[0];
        for (int step : List.of(25, 50)) {
            peak = 0.1 * Math.max(accuracy[step], peak) + 0.9 * peak;
        }
        try (PageSession s = wide(one(), "")) {
            assertThat(hover(s, "eval/accuracy", 0.999)).isEqualTo(50);
            assertThat(reading(s, "eval/accuracy"))
                    .isEqualTo(decimal(accuracy[50], 3) + " (E " + decimal(peak, 3) + ")");
        }
    }

    @Test
    void zoomedInThereAreNoHalfSteps() throws IOException {
        try (PageSession s = wide(one(), "")) {
            hover(s, "reward", 0.5);
            s.js(
                    "(() => { window.below = []; const draw = CanvasRenderingContext2D.prototype.fillText;"
                            + " CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {"
                            + " if (this.textBaseline === 'top') { below.push(text); } return draw.call(this, text, ...where); }; })()");
            for (int i = 0; i < 20; i++) {
                s.page.mouse().wheel(0, -300);
            }
            s.page.waitForCondition(
                    () -> (boolean) s.js("below.length > 0")); // the page forbids what waitForFunction does
            assertThat((List<?>) s.js("below"))
                    .allSatisfy(label -> assertThat((String) label).matches("\\d+"));
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void anImpossibleSmoothingShareIsRejected() throws IOException {
        try (PageSession s = wide(one(), "")) {
            s.page.locator(".share input").fill("7");
            s.page.locator(".share input").press("Enter");
            assertThat(s.page.locator(".share input").inputValue()).isEqualTo("0.1");
        }
    }

    @Test
    void wheelAndDragZoomAllCurvesTogether() throws IOException {
        try (PageSession s = wide(one(), "")) {
            int before = hover(s, "loss", 0.9);
            hover(s, "reward", 0.05);
            s.page.mouse().wheel(0, -300);
            s.page.mouse().wheel(0, -300);
            s.page.mouse().wheel(0, -300);
            assertThat(hover(s, "loss", 0.9)).isLessThan(before);
            s.page.locator(".chart[data-metric=entropy] .u-over").dblclick();
            assertThat(hover(s, "loss", 0.9)).isEqualTo(before);
        }
    }

    @Test
    void severalTrainingsLieOverEachOther() throws IOException {
        ReportData both = ReportBuilder.sideBySide(List.of(coupled, uniform));
        try (PageSession s = wide(both, "")) {
            int step = hover(s, "credit/gamma_mean", 0.7);
            assertThat(s.page.locator(".chart[data-metric='credit/gamma_mean'] .reading")
                            .allTextContents())
                    .containsExactly(decimal(series(coupled, "credit/gamma_mean")[step], 3), "1.000");
            Locator ends = s.page.locator("#run-tab table.versus");
            assertThat(ends.locator("thead th").allTextContents()).containsExactly("A coupled", "B uniform");
            assertThat(ends.locator("tr:has-text('held-out accuracy') td").allTextContents())
                    .allMatch(text -> text.startsWith("0.410 → 0."));
            s.page.locator("#tab-summary").click();
            assertThat(s.page.locator("table.versus").last().textContent())
                    .contains("credit.strategy", "coupled-rhythm", "uniform");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void sampledTracesShowGammaRewardAndAdvantage() throws IOException {
        try (PageSession s = wide(one(), "#tab=traces")) {
            assertThat(s.page.locator("#list .step").allTextContents()).containsExactly("step 1", "step 25", "step 50");
            Locator first = s.page.locator("#list .trace").first();
            assertThat(first.locator(".verdict").textContent()).isEqualTo("✓");
            assertThat(first.locator(".advantage").textContent()).isEqualTo("+0.8");
            assertThat(s.page.locator(".choice button[data-key=gamma]").getAttribute("aria-pressed"))
                    .isEqualTo("true");
            assertThat(s.page.locator(".legend").first().textContent()).contains("1.00", "1.50 weight");
            assertThat(s.page.locator(".overview .where").first().textContent())
                    .contains("step 1", "response 1 to its prompt", "advantage +0.75");
            s.page.locator("#filter").fill("step-25");
            assertThat(s.page.locator("#list .step:visible").allTextContents()).containsExactly("step 25");
            s.page.keyboard().press("Escape");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void theSamePromptEarlyStandsBesideLate() throws IOException {
        try (PageSession s = wide(one(), "")) {
            s.page.locator(".samples button:text-is('1')").click();
            s.page.waitForSelector(".pane-head:visible");
            assertThat(s.page.locator(".pane-head").allTextContents().get(0)).startsWith("step 1step-1/0/0");
            assertThat(s.page.locator(".pane-head").allTextContents().get(1)).startsWith("step 50step-50/0/0");
            Locator natural = s.page.locator(".beside-choice optgroup[label='the same prompt'] option");
            assertThat(natural.count()).isEqualTo(8); // four responses at each of two other steps
            assertThat(s.hash()).startsWith("#tab=traces&trace=0&beside=16&by=gamma");
        }
    }

    @Test
    void aTrainingWithoutTracesOrHeadsIsItsCurves() throws IOException {
        Path sft = directory.resolve("sft");
        Map<String, Object> config = Map.of("kind", "sft");
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("scratch", "00".repeat(32)), null, config, 0, "2.10.0", 2, "products f32", List.of());
        try (TrainingRun run = TrainingRun.begin(TrainingRun.reserve(sft), config, provenance)) {
            run.metrics().append(Map.of("step", 1L, "loss", 2.5, "eval/loss", 2.75));
            run.metrics().append(Map.of("step", 2L, "loss", 2.25));
        }
        try (PageSession s = wide(ReportBuilder.build(RunDirectory.open(sft)).data(), "")) {
            assertThat(s.page.locator(".chart b").allTextContents()).containsExactly("loss", "validation loss");
            for (String tab : List.of("traces", "heads", "summary")) {
                s.page.locator("#tab-" + tab).click();
            }
            assertThat(s.page.locator("#traces").textContent()).isEqualTo("This run has no traces.");
            assertThat(s.page.locator("#heads").textContent()).contains("no head groups");
            assertThat(s.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 900, 1600})
    void nothingScrollsSidewaysAtAnyWidth(int width) throws IOException {
        try (PageSession s = PageSession.open(chromium, directory, benchmarks(), "", width, 900)) {
            for (String tab : List.of("run", "traces", "heads", "summary")) {
                s.page.locator("#tab-" + tab).click();
                assertThat(s.js("document.documentElement.scrollWidth <= innerWidth"))
                        .as(tab)
                        .isEqualTo(true);
            }
        }
    }

    /** Moves the pointer over a curve, to this share of its width; the step that is read there. */
    private static int hover(PageSession s, String metric, double share) {
        Locator over = s.page.locator(".chart[data-metric='" + metric + "'] .u-over");
        over.scrollIntoViewIfNeeded();
        over.hover(new Locator.HoverOptions().setPosition(share * over.boundingBox().width, 40));
        return Integer.parseInt(s.page.locator(".at").textContent().replace("step ", ""));
    }

    private static String reading(PageSession s, String metric) {
        return s.page.locator(".chart[data-metric='" + metric + "'] .reading").textContent();
    }

    private static double[] series(RunDirectory run, String name) {
        return Objects.requireNonNull(run.metrics()).series().getOrDefault(name, new double[0]);
    }

    private static ReportData one() {
        return ReportBuilder.build(coupled).data();
    }

    private PageSession wide(ReportData report, String hash) throws IOException {
        return PageSession.open(chromium, directory, report, hash, 1600, 1000);
    }
}
