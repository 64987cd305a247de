package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeRefusalTest {
    private static final String TOKEN = "a-token-of-sixteen-or-more";
    private static final String ROW = "{\"id\": \"a\", \"prompt_ids\": [1, 2], \"response_ids\": [3, 4, 5]}";
    private static final Limits SMALL = new Limits(1, 200, 2, Duration.ofMillis(5), Duration.ofSeconds(2), 2);

    @TempDir
    private static Path directory;

    private static LocalService service;

    @BeforeAll
    static void start() {
        Path model = TinyModel.write(directory.resolve("model"));
        service = LocalService.of(model, LocalService.options(null, null, SMALL));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String credit(int status, String fields) {
        return service.refusal(status, "/v1/credit", "{" + fields + "}");
    }

    private static String rows(String row) {
        return credit(400, "\"strategy\": \"uniform\", \"traces\": [" + row + "]");
    }

    @Test
    void tracesAreCheckedAsInFiles() {
        assertThat(rows("{\"id\": \"a\", \"prompt_ids\": [1, 300], \"response_ids\": [3]}"))
                .isEqualTo("row a: prompt id 300 is outside the model's vocabulary of 258 tokens (0 to 257)."
                        + " Check that it comes from this model's tokenizer");
        assertThat(rows("{\"prompt_ids\": [1], \"response_ids\": []}"))
                .isEqualTo("traces[0]: response_ids is empty; expected at least one token");
        assertThat(rows("{\"response_ids\": [1]}")).contains("prompt_ids is missing");
        assertThat(rows("{\"prompt_ids\": [-1], \"response_ids\": [1]}")).contains("prompt_ids[0] is -1");
        assertThat(rows("{\"prompt_ids\": [9223372036854775808], \"response_ids\": [1]}"))
                .contains("a token id is a whole number from 0 to 2147483647");
        assertThat(rows("{\"prompt_ids\": [1.5], \"response_ids\": [1]}")).contains("prompt_ids[0] is 1.5");
        assertThat(rows("{\"prompt_ids\": [NaN], \"response_ids\": [1]}")).contains("not valid JSON");
        assertThat(rows("{\"prompt_ids\": [1], \"response_ids\": [1], \"temperature\": 1e999}"))
                .contains("temperature", "finite");
        assertThat(rows("{\"prompt_ids\": [1], \"response_ids\": [1], \"temperature\": -1}"))
                .contains("temperature is -1.0");
        assertThat(rows("{\"prompt_ids\": [1], \"response_ids\": [1], \"prompt\": \"x\"}"))
                .contains("unknown field 'prompt', did you mean prompt_ids?");
        assertThat(rows("{\"id\": \"a\\u0000b\", \"prompt_ids\": [1], \"response_ids\": [1]}"))
                .contains("control characters");
        assertThat(rows(ROW + ", " + ROW)).contains("id a is already that of another trace");
        assertThat(rows("{\"prompt_ids\": [" + "1, ".repeat(95) + "1], \"response_ids\": [1]}"))
                .contains("more than the model's context of 96");
        assertThat(rows("")).contains("traces is missing or empty");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"strategy\": \"class\" | names a class of the server",
                "\"strategy\": \"column\" | names a column",
                "\"strategy\": \"capo\" | a judge",
                "\"strategy\": \"gradient\" | which only a training measures",
                "\"strategy\": \"coupled-rythm\" | did you mean coupled-rhythm?",
                "\"strategy\": 5 | strategy is 5",
                "\"strategy\": \"uniform\", \"options\": {\"class\": \"java.lang.String\"} | unknown field 'class'",
                "\"strategy\": \"uniform\", \"options\": {\"column\": \"x\"} | unknown field 'column'",
                "\"strategy\": \"random\", \"options\": {\"share\": 2} | credit: share is 2.0",
                "\"strategy\": \"random\", \"options\": {\"share\": \"x\"} | credit: share is \"x\"",
                "\"strategy\": \"random\", \"options\": {\"alpha\": 0.5} | does not read alpha",
                "\"strategy\": \"random\", \"options\": {\"from\": \"/etc/passwd\"} | expected top or bottom",
                "\"strategy\": \"global-anchor\", \"options\": {\"heads\": \"all\"} | expected targeted or receivers",
                "\"strategy\": \"random\", \"options\": {\"amplification_negative\": 0} | same, or a number above 0",
                "\"strategy\": \"uniform\", \"options\": {\"sign\": \"positive\"} | has no advantage",
                "\"strategy\": \"uniform\", \"seed\": 9223372036854775808 | seed is 9223372036854775808",
                "\"strategy\": \"uniform\", \"step\": -1 | step is -1",
                "\"strategy\": \"uniform\", \"columns\": [\"prompt\"] | columns has \"prompt\"",
                "\"strategy\": \"uniform\", \"rhythm\": {\"layers\": \"99\"} | layer",
                "\"strategy\": \"uniform\", \"rhythm\": {\"layers\": {\"a\": 1}} | layers",
                "\"strategy\": \"uniform\", \"rhythm\": {\"rho\": 0.9} | rho 0.9",
                "\"strategy\": \"uniform\", \"rhythm\": {\"horizon\": [5, 2]} | rhythm.horizon",
                "\"strategy\": \"uniform\", \"rhythm\": {\"window\": 0} | window 0",
                "\"strategy\": \"uniform\", \"rhythm\": {\"heads\": \"/etc/passwd\"} | unknown field 'heads'",
                "\"strategy\": \"uniform\", \"groups\": {} | groups:",
                "\"strategy\": \"uniform\", \"groups\": \"/etc/passwd\" | groups:",
                "\"strategy\": \"uniform\", \"traces_file\": \"x\" | unknown field 'traces_file'",
                "\"strategy\": \"uniform\", \"strategy\": \"random\" | Duplicate field"
            })
    void fieldsAreChecked(String fields, String message) {
        assertThat(credit(400, fields + ", " + traces(ROW))).contains(message.strip());
    }

    @Test
    void malformedBodiesAreRefused() {
        assertThat(service.refusal(400, "/v1/credit", "[]")).contains("not a JSON object");
        assertThat(service.refusal(400, "/v1/credit", "{\"traces\": [")).contains("not valid JSON");
        assertThat(service.refusal(400, "/v1/credit", "{} {}")).contains("has more after");
        assertThat(credit(400, "\"options\": " + "[".repeat(5000) + "]".repeat(5000)))
                .contains("not valid JSON");
        assertThat(service.refusal(400, "/v1/credit", "")).contains("not a JSON object");
    }

    @Test
    void tooLargeRequestsAreRefused() {
        String long300 = "{\"prompt_ids\": [" + "1, ".repeat(299) + "1], \"response_ids\": [1]}";
        assertThat(credit(413, "\"strategy\": \"uniform\", " + traces(long300))).contains("200 tokens");
        assertThat(service.refusal(413, "/v1/credit", " ".repeat(1_000_001))).contains("1 MB");
        String chunked = service.send(service.request("/v1/credit")
                        .POST(BodyPublishers.ofInputStream(() -> InputStream.nullInputStream())))
                .body();
        assertThat(chunked).contains("not a JSON object");
    }

    @Test
    void otherTypesAndCompressedBodiesAreRefused() {
        var form = service.send(service.request("/v1/credit")
                .setHeader("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(LocalService.json(form, 415).path("error").asText()).contains("application/json");
        var gzip = service.send(
                service.request("/v1/credit").header("Content-Encoding", "gzip").POST(BodyPublishers.ofString("x")));
        assertThat(LocalService.json(gzip, 415).path("error").asText()).contains("compressed");
    }

    @Test
    void foreignHostsAndOriginsAreRefused() throws IOException {
        assertThat(raw("GET /v1/info HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/info HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /v1/info HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/info HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/%0d%0aSet-Cookie:%20x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("\nSet-Cookie");
        assertThat(raw("GET /v1/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    }

    @Test
    void aSlowBodyDoesNotBlockOthers() throws IOException {
        try (Socket slow = new Socket("127.0.0.1", service.port())) {
            slow.getOutputStream()
                    .write(("POST /v1/credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();
            service.answer("/v1/credit", "{\"strategy\": \"uniform\", " + traces(ROW) + "}");
        }
    }

    @Test
    void aBodyMayPauseLongerThanItsBytesTake() throws IOException, InterruptedException {
        String body = "{\"strategy\": \"uniform\", " + traces(ROW) + "}";
        try (Socket socket = new Socket("127.0.0.1", service.port())) {
            socket.getOutputStream()
                    .write(("POST /v1/credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            Thread.sleep(300);
            socket.getOutputStream().write(body.substring(1).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatCannotBeReadIsTheClientsFault() throws IOException {
        assertThat(raw("POST /v1/credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"))
                .startsWith("HTTP/1.1 408");
    }

    @Test
    void aFullQueueAnswers429() throws IOException, InterruptedException {
        try (Socket one = open();
                Socket two = open()) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            for (int i = 0; i < 50; i++) {
                var response = service.post("/v1/credit", "{}");
                if (response.statusCode() == 429) {
                    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
                    return;
                }
                Thread.sleep(20);
            }
        }
        throw new AssertionError("two requests that send no body do not fill the queue of 2");
    }

    private static Socket open() throws IOException {
        Socket socket = new Socket("127.0.0.1", service.port());
        socket.getOutputStream()
                .write(("POST /v1/credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 100\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", service.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theTokenIsRequired() {
        ServeOptions options = new ServeOptions(
                "127.0.0.1", 0, TOKEN, null, null, Set.of("https://good.example"), Set.of(), Limits.DEFAULTS);
        try (LocalService locked = LocalService.of(directory.resolve("model"), options)) {
            assertThat(locked.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(locked.get("/v1/info").statusCode()).isEqualTo(401);
            assertThat(locked.post("/v1/credit", "{}").statusCode()).isEqualTo(401);
            assertThat(locked.send(locked.request("/v1/info").header("Authorization", "Bearer wrong"))
                            .statusCode())
                    .isEqualTo(401);
            var allowed = locked.send(locked.request("/v1/info")
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Origin", "https://good.example"));
            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://good.example");
            var session = locked.send(locked.request("/v1/session")
                    .header("Authorization", "Bearer " + TOKEN)
                    .POST(BodyPublishers.noBody()));
            String cookie = session.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
            assertThat(locked.send(locked.request("/v1/info").header("Cookie", cookie.split(";")[0]))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(locked.send(locked.request("/v1/info").header("Cookie", "upbeat_token=wrong"))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(locked.send(locked.request("/v1/session").POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void theCommandRefusesUnsafeOptions() throws IOException {
        Path model = directory.resolve("model");
        upbeat("serve", model, "--host", "0.0.0.0").refused("--host 0.0.0.0", "--token-file");
        Path token = directory.resolve("token");
        Files.writeString(token, "short\n");
        upbeat("serve", model, "--token-file", token).refused("at least 16");
        upbeat("serve", model, "--port", "70000").refused("--port 70000");
        upbeat("serve", model, "--queue", "0").refused("--queue 0");
        upbeat("serve", model, "--weights-root", directory.resolve("none")).refused("--weights-root");
        upbeat("serve").refused("MODEL");
    }
}
