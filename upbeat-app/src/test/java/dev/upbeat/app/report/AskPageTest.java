package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.upbeat.Upbeat;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ask and Compare in a real browser, with a real server and the bundled model. */
@SuppressWarnings("NullAway.Init") // the runs are there before every test
class AskPageTest extends BrowserTest {
    private static final Path MODELS = Path.of("../models");
    private static final String QUESTION = "3 5 7 > 22\n";

    private Path runs;

    @BeforeEach
    void createRuns() throws IOException {
        runs = Files.createDirectory(directory.resolve("runs"));
    }

    private Service serve(int port, Limits limits) throws IOException {
        return Service.start(
                new ServeOptions("127.0.0.1", port, null, runs, MODELS, Set.of(), Set.of(), limits),
                Upbeat.load(MODELS.resolve("countdown").toString(), Dtype.F32, (file, done, total) -> {}),
                "countdown");
    }

    private static PageSession visit(Service service, String route) {
        return PageSession.visit(
                chromium, "http://127.0.0.1:" + service.port() + "/" + route, 1600, 900, ColorScheme.LIGHT);
    }

    private static void ask(PageSession s, String question, int most, double temperature) {
        s.page.locator("#question").fill(question);
        s.page.locator(".sampling summary").click();
        s.page.locator("[name=temperature]").fill(String.valueOf(temperature));
        s.page.locator("[name=length]").fill(String.valueOf(most));
        s.page.locator("button:text-is('Ask')").click();
    }

    /** Does something in the page as soon as the answer has three tokens. */
    private static void atThreeTokens(PageSession s, String action) {
        s.js("void new MutationObserver((_, watch) => { if (document.querySelectorAll('.stream .t').length > 2) {"
                + " watch.disconnect(); " + action + " } }).observe(document.body, {subtree: true, childList: true})");
    }

    private static String outcome(PageSession s, String beginning) {
        s.page.waitForSelector(".outcome:has-text('" + beginning + "')");
        return s.page.locator(".outcome").textContent();
    }

    @Test
    void aStoppedAnswerIsMeasuredToo() throws IOException {
        try (Service service = serve(0, Limits.DEFAULTS);
                PageSession s = visit(service, "#/ask")) {
            s.page.waitForSelector("#question");
            atThreeTokens(s, "document.getElementById('stop').click();");
            ask(s, QUESTION, 240, 5);
            s.page.waitForSelector(".curve[data-metric=waad] canvas");
            assertThat(outcome(s, "You stopped the answer: ")).matches("You stopped the answer: \\d{1,2} tokens\\.");
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void leavingTheViewCancelsTheAnswer() throws IOException {
        try (Service service = serve(0, Limits.DEFAULTS);
                PageSession s = visit(service, "#/ask")) {
            s.page.waitForSelector("#question");
            s.js(
                    "(() => { const fetched = window.fetch; window.fetch = (path, options) => {"
                            + " if (path === '/v1/generate') { window.asked = options.signal; } return fetched(path, options); }; })()");
            atThreeTokens(s, "location.hash = '#/compare';");
            ask(s, QUESTION, 240, 5);
            s.page.waitForSelector("[aria-label='Weights A']");
            assertThat(s.js("asked.aborted")).isEqualTo(true);
            s.js("location.hash = '#/ask'");
            s.page.waitForSelector("#question");
            assertThat(s.count(".stream")).isZero();
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void aBusyServerSaysSo() throws IOException {
        Limits one = new Limits(1, 1000, 1, Duration.ZERO, Duration.ofSeconds(60), 2);
        try (Service service = serve(0, one);
                Socket other = new Socket("127.0.0.1", service.port());
                PageSession s = visit(service, "#/ask")) {
            other.getOutputStream()
                    .write(("POST /v1/credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            other.getOutputStream().flush();
            s.page.waitForSelector("#question");
            s.page.waitForTimeout(500);
            ask(s, QUESTION, 20, 1);
            assertThat(outcome(s, "The server is busy")).contains("Ask again in a moment");
        }
    }

    @Test
    void tracesOfARunAreComparedWithIntervals() throws Exception {
        try (Service service = serve(0, Limits.DEFAULTS)) {
            String traces = IntStream.range(0, 3)
                    .mapToObj(i -> "{\"prompt_ids\": [1, 29, 60], \"response_ids\": [17, 6, 12, 67, " + (20 + i) + "]}")
                    .collect(Collectors.joining(", "));
            HttpRequest save = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/v1/traces"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"run\": \"three\", \"traces\": [" + traces + "]}"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(save, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(201);
            try (PageSession s = visit(service, "#/compare")) {
                s.page.waitForSelector(".box");
                s.page.locator(".box input").first().uncheck();
                s.page.locator("[aria-label='Weights B']").fill("nothing");
                s.page.locator("button:text-is('Compare')").click();
                s.page.waitForSelector(".outcome:has-text('There is no nothing in --weights-root')");
                s.page.locator("[aria-label='Weights B']").fill("countdown");
                s.page.locator("button:text-is('Compare')").click();
                s.page.waitForSelector(".differences .interval");
                assertThat(s.page.locator(".differences").textContent()).contains("2 traces", "0.00 to 0.00");
                s.page.waitForSelector(".choice [data-key=difference][aria-pressed=true]");
                assertThat(s.errors).allMatch(error -> error.contains("400"));
            }
        }
    }

    @Test
    void aServiceWithoutAModelSaysSo() {
        ServeOptions options = new ServeOptions("127.0.0.1", 0, null, runs, null, Set.of(), Set.of(), Limits.DEFAULTS);
        try (Service service = Service.start(options, null, "no model");
                PageSession s = visit(service, "#/ask")) {
            s.page.waitForSelector("text=This server has no model to ask");
            assertThat(s.count("#views a")).isEqualTo(1);
        }
    }

    @Test
    @Tag("slow")
    void aServerThatDiesLeavesWhatItWrote() throws Exception {
        ServedProcess first = ServedProcess.start(0);
        try (PageSession s = PageSession.visit(chromium, first.url() + "/#/ask", 900, 900, ColorScheme.LIGHT)) {
            s.page.waitForSelector("#question");
            ask(s, QUESTION, 240, 5);
            s.page.waitForSelector(".stream .t");
            first.kill();
            outcome(s, "The server went away");
            assertThat(s.count(".stream .t")).isPositive();
            try (ServedProcess second = ServedProcess.start(first.port())) {
                assertThat(second.port()).isEqualTo(first.port());
                s.page.locator("button:text-is('Ask')").click();
                s.page.waitForSelector(".curve[data-metric=waad] canvas");
            }
        } finally {
            first.close();
        }
    }

    @Test
    void anAnswerIsAskedSavedAndCompared() throws IOException {
        try (Service service = serve(0, Limits.DEFAULTS);
                PageSession s = visit(service, "#/ask")) {
            ask(s, QUESTION, 200, 0.7);
            s.page.waitForSelector(".curve[data-metric=fai] canvas");
            assertThat(s.page.locator(".outcome").textContent()).startsWith("The model ended its answer");
            s.token(2).click();
            assertThat(s.page.locator(".inspector .heading").textContent()).contains("token 2");
            s.page.locator("text=Save as a run").click();
            s.page.locator("#run-name").fill("saved");
            s.page.locator("button:text-is('Save')").click();
            s.page.waitForSelector("a[href='#/runs/saved']");
            s.page.locator("text=Compare checkpoints").click();
            s.page.locator("[aria-label='Weights B']").fill("countdown");
            s.page.locator("button:text-is('Compare')").click();
            s.page.waitForSelector(".curve[data-metric=difference] canvas");
            assertThat(s.page.locator(".differences").textContent()).contains("WAAD", "One trace");
            assertThat(s.errors).isEmpty();
        }
        assertThat(runs.resolve("saved/report.html")).exists();
    }
}
