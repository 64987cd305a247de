package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ETags of mirrors and stores, of which many are no checksums. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HubEtagTest {
    @TempDir
    private Path home;

    @AutoClose
    private final FakeHub hub = new FakeHub().commit("acme/tiny", "main", HubUser.A, HubUser.tiny());

    /** Answers as a mirror does that serves the file itself. */
    private static FakeHub.Fault served(String etag) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            send(exchange, content);
        };
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"9b2cf535f27731c974343645a3985328-5\"",
                "W/\"9b2cf535f27731c974343645a3985328\"",
                "9b2cf535f27731c974343645a3985328",
                "\"0x8DCB3A1E2F4C5D6\"",
                "\"../../../outside\"",
                "\"sha256:abc/def\"",
                "\".hidden\"",
                "W/\"5f-18c2e3a4b5c\""
            })
    void aFileIsTakenByItsLength(String etag) throws IOException {
        hub.fail("HEAD", "/model.safetensors", served(etag));

        Path snapshot = new HubUser(hub, home).resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors"))
                .hasBinaryContent(HubUser.tiny().get("model.safetensors"));
        assertThat(snapshot.resolve("model.safetensors").toRealPath().getParent())
                .isEqualTo(HubUser.folder(home, "acme/tiny").resolve("blobs").toRealPath());
        assertThat(names(home)).containsExactly("hub");
    }

    @Test
    void aFileOfAnotherLengthIsRefused() {
        hub.fail("HEAD", "/model.safetensors", served("\"abc-2\""));
        hub.fail("GET", "/model.safetensors", served("\"abc-2\""));
        FakeHub.Fault longer = (exchange, content) -> send(exchange, new byte[content.length + 1]);
        hub.fail("GET", "/model.safetensors", longer);
        hub.fail("HEAD", "/config.json", served("\"abc-3\""));
        hub.fail("GET", "/config.json", longer);
        assertThatThrownBy(() -> new HubUser(hub, home).resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("sends more than", "config.json");
    }

    @Test
    void aChecksumStillHasToBeRight() {
        FakeHub.Fault other = (exchange, content) -> send(exchange, new byte[content.length]);
        hub.fail("GET", "/config.json", other);
        assertThatThrownBy(() -> new HubUser(hub, home).resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("config.json", "checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "W/\"\""})
    void aFileWithoutAnEtagIsRefused(String etag) {
        hub.fail("HEAD", "/config.json", served(etag));
        assertThatThrownBy(() -> new HubUser(hub, home).resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("without an ETag", "config.json");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
