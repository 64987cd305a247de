package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ServeGenerateTest {
    @TempDir
    private static Path directory;

    private static LocalService service;

    @BeforeAll
    static void start() {
        service = LocalService.of(TinyModel.writeWithChatTemplate(directory.resolve("model")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private record Event(String name, JsonNode data) {}

    private static List<Event> events(String body) throws IOException {
        var response = service.post("/v1/generate", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<Event> events = new ArrayList<>();
        for (String event : response.body().strip().split("\n\n")) {
            String[] lines = event.split("\n");
            events.add(new Event(
                    lines[0].substring("event: ".length()), JSON.readTree(lines[1].substring("data: ".length()))));
        }
        return events;
    }

    @Test
    void everyTokenComesWithItsRhythm() throws IOException {
        List<Event> events = events(
                "{\"prompt_ids\": [5, 6, 7], \"max_new_tokens\": 20, \"seed\": 3, \"rhythm\": {\"horizon\": [1, \"end\"]}}");
        JsonNode done = events.get(events.size() - 1).data();
        assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
        int length = done.path("response_ids").size();
        assertThat(events.get(0).name()).isEqualTo("start");
        assertThat(events.get(0).data().path("prompt_ids")).isEqualTo(done.path("prompt_ids"));
        assertThat(events.get(0).data().path("groups")).isEqualTo(done.path("groups"));
        assertThat(events.stream().filter(event -> event.name().equals("token")))
                .hasSize(length);
        assertThat(events.stream().filter(event -> event.name().equals("rhythm")))
                .hasSize(length);
        JsonNode observed = service.answer(
                        "/v1/observe",
                        "{\"rhythm\": {\"horizon\": [1, \"end\"]}, \"groups\": " + done.path("groups")
                                + ", \"columns\": [\"log_prob\", \"waad\", \"fai\"], \"traces\": [{\"prompt_ids\": "
                                + done.path("prompt_ids") + ", \"response_ids\": " + done.path("response_ids")
                                + ", \"temperature\": 0.7}]}")
                .path("observations")
                .get(0);
        for (int t = 0; t < length; t++) {
            assertThat(done.path("waad").get(t).asDouble())
                    .isCloseTo(observed.path("waad").get(t).asDouble(), within(1e-4));
            assertThat(done.path("fai").get(t).asDouble())
                    .isCloseTo(observed.path("fai").get(t).asDouble(), within(1e-5));
        }
    }

    @Test
    void conversationsAndTextsAreEncoded() throws IOException {
        JsonNode text =
                events("{\"prompt\": \"ab\", \"max_new_tokens\": 2}").get(1).data();
        assertThat(text.has("text")).isTrue();
        List<Event> chat = events(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"max_new_tokens\": 2, \"temperature\": 0}");
        assertThat(chat.get(chat.size() - 1).data().path("prompt_ids").size()).isGreaterThan(10);
    }

    @Test
    void faultyRequestsAreRefused() {
        assertThat(service.refusal(400, "/v1/generate", "{}")).contains("exactly one");
        assertThat(service.refusal(400, "/v1/generate", "{\"prompt\": \"a\", \"prompt_ids\": [1]}"))
                .contains("exactly one");
        assertThat(service.refusal(400, "/v1/generate", "{\"prompt_ids\": [999]}"))
                .contains("vocabulary");
        assertThat(service.refusal(400, "/v1/generate", "{\"prompt_ids\": []}")).contains("empty");
        assertThat(service.refusal(400, "/v1/generate", "{\"prompt_ids\": [1], \"max_new_tokens\": 0}"))
                .contains("at least 1");
        assertThat(service.refusal(400, "/v1/generate", "{\"prompt_ids\": [1], \"temperature\": -1}"))
                .contains("temperature");
        assertThat(service.refusal(
                        400, "/v1/generate", "{\"prompt_ids\": [1], \"rhythm\": {\"weights\": \"value-norm\"}}"))
                .contains("weights value-norm");
        assertThat(service.refusal(400, "/v1/generate", "{\"messages\": 5}")).contains("messages");
        assertThat(service.refusal(400, "/v1/generate", "{\"messages\": [{\"role\": \"user\", \"file\": \"x\"}]}"))
                .contains("unknown field 'file'");
    }

    @Test
    @Timeout(60)
    void aClientThatLeavesEndsTheResponse() throws IOException {
        String body = "{\"prompt_ids\": [5], \"max_new_tokens\": 90}";
        for (int i = 0; i < 5; i++) {
            try (Socket socket = new Socket("127.0.0.1", service.port())) {
                socket.getOutputStream()
                        .write(("POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
        }
        while (service.post("/v1/generate", "{\"prompt_ids\": [5], \"max_new_tokens\": 1}")
                        .statusCode()
                == 429) {
            Thread.onSpinWait();
        }
    }
}
