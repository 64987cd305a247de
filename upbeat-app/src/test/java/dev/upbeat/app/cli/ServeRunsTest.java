package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static dev.upbeat.app.cli.LocalService.json;
import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeRunsTest {
    private static final String[] ROWS = LocalService.randomRows(3, 3, TinyModel.VOCABULARY);

    @TempDir
    private static Path directory;

    private static Path runs;
    private static LocalService service;

    @BeforeAll
    static void start() throws IOException {
        runs = Files.createDirectory(directory.resolve("runs"));
        Path model = TinyModel.write(directory.resolve("model"));
        Path traces = directory.resolve("traces.jsonl");
        Files.writeString(traces, String.join("\n", ROWS) + "\n");
        upbeat("analyze", model, "--traces", traces, "--out", runs.resolve("first"), "--dtype", "f32")
                .done();
        Path training = Files.createDirectory(runs.resolve("training"));
        Files.writeString(training.resolve("config.yaml"), "kind: grpo\n");
        Files.writeString(training.resolve("metrics.jsonl"), "{\"step\":1,\"reward\":0.5}\n{\"step\":2");
        Limits limits = new Limits(1, 1000, 8, Duration.ZERO, Duration.ofSeconds(60), 1);
        service =
                LocalService.of(model, new ServeOptions("127.0.0.1", 0, null, runs, null, Set.of(), Set.of(), limits));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aFaultOfItsOwnDiskIsNotTheClients() throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        try (LocalService over = LocalService.of(
                directory.resolve("model"),
                new ServeOptions("127.0.0.1", 0, null, gone, null, Set.of(), Set.of(), Limits.DEFAULTS))) {
            Files.delete(gone);
            assertThat(json(over.get("/v1/runs"), 500).path("error").asText()).contains("its own files");
        }
    }

    @Test
    void theAnswersFollowTheDocument() {
        SchemaCheck schema = new SchemaCheck(json(service.get("/v1/openapi.json"), 200));
        schema.answer("/healthz", "get", "200", json(service.get("/healthz"), 200));
        schema.answer("/v1/info", "get", "200", json(service.get("/v1/info"), 200));
        schema.answer("/v1/observe", "post", "200", service.answer("/v1/observe", "{" + traces(ROWS) + "}"));
        String report = "{\"report\": true, " + traces(ROWS) + "}";
        schema.answer("/v1/runs/{name}/report", "get", "200", service.answer("/v1/observe", report));
        String credit = "{\"strategy\": \"%s\", \"columns\": [\"fai\", \"log_prob\"], " + traces(ROWS) + "}";
        schema.answer("/v1/credit", "post", "200", service.answer("/v1/credit", credit.formatted("coupled-rhythm")));
        schema.answer("/v1/credit", "post", "200", service.answer("/v1/credit", credit.formatted("lopti")));
        schema.answer("/v1/credit", "post", "400", json(service.post("/v1/credit", "{}"), 400));
        schema.answer("/v1/weights", "post", "403", json(service.post("/v1/weights", "{\"path\": \"x\"}"), 403));
        schema.answer("/v1/runs", "get", "200", json(service.get("/v1/runs"), 200));
        schema.answer("/v1/runs/{name}", "get", "200", json(service.get("/v1/runs/first"), 200));
        schema.answer("/v1/runs/{name}", "get", "404", json(service.get("/v1/runs/none"), 404));
        schema.answer("/v1/runs/{name}/metrics", "get", "200", json(service.get("/v1/runs/training/metrics"), 200));
        schema.answer("/v1/runs/{name}/report", "get", "200", json(service.get("/v1/runs/first/report"), 200));
        schema.answer("/v1/runs/{name}/traces", "get", "200", json(service.get("/v1/runs/first/traces?limit=2"), 200));
    }

    @Test
    void savedTracesAreARun() throws IOException {
        JsonNode saved = json(service.post("/v1/traces", "{\"run\": \"mine\", " + traces(ROWS) + "}"), 201);
        assertThat(saved.path("run").asText()).isEqualTo("mine");
        JsonNode shown = json(service.get("/v1/runs/mine/traces"), 200).path("traces");
        JsonNode observed =
                service.answer("/v1/observe", "{" + traces(ROWS) + "}").path("observations");
        for (int i = 0; i < ROWS.length; i++) {
            assertThat(shown.get(i).path("waad")).isEqualTo(observed.get(i).path("waad"));
        }
        assertThat(runs.resolve("mine").resolve("report.html")).exists();
        assertThat(service.refusal(400, "/v1/traces", "{\"run\": \"mine\", " + traces(ROWS) + "}"))
                .contains("already");
        assertThat(service.refusal(400, "/v1/traces", "{\"run\": \"../mine\", " + traces(ROWS) + "}"))
                .contains("not a name");
    }

    @Test
    void metricsAreReadInWholeLines() {
        JsonNode metrics = json(service.get("/v1/runs/training/metrics"), 200);
        assertThat(metrics.path("metrics")).hasSize(1);
        long next = metrics.path("next").asLong();
        assertThat(json(service.get("/v1/runs/training/metrics?from=" + next), 200)
                        .path("metrics"))
                .isEmpty();
        json(service.get("/v1/runs/training/metrics?from=-1"), 400);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symlinks need privileges there")
    void onlyRunsInsideTheRootAreShown() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("config.yaml"), "a: 1\n");
        Files.writeString(outside.resolve("metrics.jsonl"), "{\"step\":1}\n");
        Files.createSymbolicLink(runs.resolve("link"), outside);
        assertThat(service.get("/v1/runs").body()).doesNotContain("link");
        json(service.get("/v1/runs/link/metrics"), 404);
        json(service.get("/v1/runs/..%2Foutside/metrics"), 404);
        json(service.get("/v1/runs/.../metrics"), 404);
        Path inner = Files.createDirectory(runs.resolve("inner"));
        Files.writeString(inner.resolve("config.yaml"), "a: 1\n");
        Files.createSymbolicLink(inner.resolve("metrics.jsonl"), outside.resolve("metrics.jsonl"));
        json(service.get("/v1/runs/inner/metrics"), 403);
    }

    @Test
    @Timeout(60)
    void eventsTellOfNewMetrics() throws IOException {
        Path training = Files.createDirectory(runs.resolve("growing"));
        Files.writeString(training.resolve("config.yaml"), "kind: grpo\n");
        try (Socket socket = new Socket("127.0.0.1", service.port());
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream()
                    .write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.setSoTimeout(20_000);
            until(lines, "event: connected");
            assertThat(service.get("/v1/events").statusCode()).isEqualTo(429);
            sleep(1500); // the service reads the runs once before it can see a change
            Files.writeString(training.resolve("metrics.jsonl"), "{\"step\":1}\n");
            until(lines, "event: metrics");
            assertThat(lines.readLine())
                    .startsWith("data: {\"run\":\"growing\",")
                    .contains("\"metrics\":[{\"step\":");
        }
    }

    private static void sleep(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(BufferedReader lines, String start) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(start)) {
                return;
            }
        }
        throw new AssertionError("the stream ended without " + start);
    }
}
