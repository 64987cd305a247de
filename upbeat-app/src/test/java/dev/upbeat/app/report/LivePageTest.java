package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        return PageSession.visit(
                chromium, "http://127.0.0.1:" + service.port() + "/" + route, 1600, 900, ColorScheme.LIGHT);
    }

    @Test
    void aRunShowsItsTracesAsTheReportDoes() throws IOException {
        DemoTraining.write(runs.resolve("coupled"), "coupled-rhythm", 1.3, 1);
        try (Service service = serve(0, null);
                PageSession s = visit(service, "#/runs/coupled")) {
            s.page.waitForSelector(".curve[data-metric=gamma] canvas");
            s.token(3).click();
            assertThat(s.page.locator(".inspector .heading").textContent()).contains("token 3");
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
}
