package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live page in a real browser, fed by a real server. */
@SuppressWarnings("NullAway.Init") // the runs are there before every test
class LivePageTest extends BrowserTest {
    private static final String TOKEN = "a,secret;of\"all-characters=";

    private Path runs;

    @BeforeEach
    void createRuns() throws IOException {
        runs = Files.createDirectory(directory.resolve("runs"));
    }

    private Service serve(int port, @Nullable String token) {
        return Service.start(
                new ServeOptions("127.0.0.1", port, token, runs, null, Set.of(), Set.of(), Limits.DEFAULTS),
                null,
                "no model");
    }

    private static PageSession visit(Service service, String route) {
        return visit(service, route, 1600);
    }

    private static PageSession visit(Service service, String route, int width) {
        return PageSession.visit(
                chromium, "http://127.0.0.1:" + service.port() + "/" + route, width, 900, ColorScheme.LIGHT);
    }

    @Test
    void aRunShowsItsTracesAsTheReportDoes() throws IOException {
        DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
        try (Service service = serve(0, null);
                PageSession s = visit(service, "#/runs/coupled/traces")) {
            s.page.waitForSelector(".curve[data-metric=gamma] canvas");
            s.token(3).click();
            assertThat(s.page.locator(".inspector .heading").textContent()).contains("token 3");
            s.page.locator("select[aria-label=Step]").selectOption("25");
            s.page.waitForSelector("#list .step:has-text('step 25')");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void theTokenIsExchangedForACookie() throws IOException {
        DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
        try (Service service = serve(0, TOKEN);
                PageSession s = visit(service, "")) {
            s.page.locator("#token").fill("wrong");
            s.page.locator("button[type=submit]").click();
            s.page.waitForSelector(".wrong:has-text('not the token')");
            s.page.locator("#token").fill(TOKEN);
            s.page.locator("button[type=submit]").click();
            s.page.waitForSelector("a:has-text('coupled')");
            s.page.reload();
            s.page.waitForSelector("a:has-text('coupled')");
            assertThat(s.js("document.cookie")).isEqualTo("");
            assertThat(s.errors).allMatch(error -> error.contains("401"));
        }
    }

    @Test
    void theCurvesOfARunGrow() throws IOException {
        try (Service service = serve(0, null);
                GrowingRun run = GrowingRun.start(runs.resolve("growing"));
                PageSession s = visit(service, "#/runs/growing")) {
            run.steps(4);
            s.page.waitForSelector(".note:has-text('step 4 of 40')");
            assertThat(s.page.locator(".run-line .state").textContent()).isEqualTo("running");
            s.page.waitForSelector("h2:has-text('Newest traces, step 0')");
            hoverLast(s);
            s.page.waitForSelector(".at:has-text('step 4')");
            run.steps(8);
            s.page.waitForSelector(".note:has-text('step 12 of 40')");
            assertThat(s.page.locator(".run-line .note").textContent()).contains("left");
            s.page.waitForSelector("h2:has-text('Newest traces, step 10')");
            hoverLast(s);
            s.page.waitForSelector(".at:has-text('step 12')");
            assertThat(s.errors).isEmpty();
        }
    }

    /** Moves the cursor to the newest step of the reward's curve. */
    private static void hoverLast(PageSession s) {
        Locator plot = s.page.locator(".chart[data-metric=reward] .u-over");
        plot.hover();
        var box = plot.boundingBox();
        s.page.mouse().move(box.x + box.width - 1, box.y + box.height / 2);
    }

    @Test
    void twoRunsShareTheirPlots() throws IOException {
        for (int i = 0; i < 10; i++) {
            DemoTraining.write(runs.resolve("run-" + i), i % 2 == 0 ? "coupled-rhythm" : "uniform", 1, i);
        }
        try (Service service = serve(0, null);
                PageSession s = visit(service, "#/runs")) {
            s.page.waitForSelector(".run[data-run=run-9] .spark path");
            assertThat(s.count(".run")).isEqualTo(10);
            assertThat(s.page.locator(".run .state").allTextContents()).containsOnly("finished");
            s.page.locator(".run[data-run=run-2] input").check();
            assertThat(s.page.locator(".compare-bar a").isVisible()).isFalse();
            s.page.locator(".run[data-run=run-7] input").check();
            s.page.locator(".compare-bar a").click();
            hoverLast(s);
            s.page.waitForSelector(".at:has-text('step 50')");
            List<String> readings = s.page.locator(".chart[data-metric='credit/gamma_mean'] .reading")
                    .allTextContents();
            assertThat(readings).hasSize(2);
            assertThat(readings.get(1)).isEqualTo("1.000");
            assertThat(s.page.locator(".run-line h2").allTextContents()).containsExactly("run-2", "run-7");
            s.page.locator(".run-tools a:has-text('Traces')").click();
            s.page.waitForSelector(".pane-head:has-text('run-7')");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void thePageSaysThatARunHasDiedOrWasDeleted() throws IOException {
        try (Service service = serve(0, null);
                GrowingRun run = GrowingRun.start(runs.resolve("growing"));
                PageSession s = visit(service, "#/runs/growing")) {
            run.steps(3);
            s.page.waitForSelector(".run-line[data-state=running]");
            run.kill();
            s.page.waitForSelector(".why:has-text('ended without saving step 3')");
            delete(runs.resolve("growing"));
            s.page.waitForSelector(".why:has-text('directory was deleted')");
            assertThat(s.page.locator(".chart[data-metric=reward]").isVisible()).isTrue();
            try (GrowingRun again = GrowingRun.start(runs.resolve("growing"))) {
                again.steps(1);
                s.page.waitForSelector(".note:has-text('step 1 of 40')");
                assertThat(s.page.locator(".run-line .state").textContent()).isEqualTo("running");
            }
            assertThat(s.errors)
                    .as("but for calls during the deletion")
                    .allMatch(error -> error.contains("status of 4"));
        }
    }

    @Test
    void thePageGoesOnWhenTheServerIsBack() throws IOException {
        DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
        Service service = serve(0, null);
        int port = service.port();
        try (PageSession s = visit(service, "#/runs")) {
            s.page.waitForSelector("a:has-text('coupled')");
            s.js("window.before = true");
            service.close();
            s.page.waitForSelector("#state:has-text('server')");
            DemoTraining.write(runs.resolve("later"), "uniform", 1, 2);
            try (Service back = serve(port, null)) {
                s.page.waitForSelector("a:has-text('later')");
                assertThat(s.page.locator("#state").isVisible()).isFalse();
                assertThat(s.js("window.before")).isEqualTo(true);
            }
            assertThat(s.errors).allMatch(error -> error.contains("ERR_CONNECTION_REFUSED"));
        }
    }

    @Test
    void aRunThatIsNotThereYetAppears() throws IOException {
        try (Service service = serve(0, null);
                PageSession s = visit(service, "#/runs/coupled")) {
            s.page.waitForSelector(".why:has-text('no run of this name')");
            DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
            s.page.waitForSelector(".run-line .state:has-text('finished')");
            s.page.waitForSelector(".chart[data-metric=reward]");
        }
    }

    @ParameterizedTest
    @CsvSource({"#/runs, 390", "#/runs, 900", "'#/runs/coupled,uniform', 390", "'#/runs/coupled,uniform/traces', 390"})
    void nothingScrollsSideways(String route, int width) throws IOException {
        DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
        DemoTraining.write(runs.resolve("uniform"), "uniform", 1, 2);
        try (Service service = serve(0, null);
                PageSession s = visit(service, route, width)) {
            s.page.waitForSelector("html[data-ready=true]");
            assertThat((Integer) s.js("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
            assertThat(s.errors).isEmpty();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
