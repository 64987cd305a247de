package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.app.serve.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed leaves its clients an error, and the next service what it needs. */
@Tag("slow")
class ServeKilledTest {
    private static final String[] ROWS = LocalService.randomRows(3, 3, TinyModel.VOCABULARY);

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void aKilledServiceCanBeStartedAgain() throws Exception {
        Path model = TinyModel.write(directory.resolve("model"));
        Path root = Files.createDirectory(directory.resolve("root"));
        TinyModel.write(root.resolve("next"));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.upbeat.app.cli.Main",
                        "serve",
                        model.toString(),
                        "--port",
                        "0",
                        "--weights-root",
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = service.inputReader();
        String line = Objects.requireNonNull(out.readLine(), "the service has started");
        String address = line.substring(line.indexOf("http://"));
        HttpClient client = HttpClient.newHttpClient();
        assertThat(send(client, address, "/v1/weights", "{\"path\": \"next\"}")
                        .get()
                        .statusCode())
                .isEqualTo(200);
        send(client, address, "/v1/weights", "{\"path\": \"next\"}"); // may end before the service is killed
        PipedOutputStream unfinished = new PipedOutputStream();
        PipedInputStream body = new PipedInputStream(unfinished);
        CompletableFuture<HttpResponse<String>> open = client.sendAsync(
                HttpRequest.newBuilder(URI.create(address + "/v1/observe"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> body))
                        .build(),
                BodyHandlers.ofString());
        unfinished.write("{\"traces\": [".getBytes(StandardCharsets.US_ASCII));
        unfinished.flush();
        service.destroyForcibly().waitFor();
        unfinished.close();
        assertThatThrownBy(open::get).hasCauseInstanceOf(IOException.class);
        assertThat(Cli.names(temporary)).isNotEmpty();
        try (LocalService next = LocalService.of(model, LocalService.options(null, root, Limits.DEFAULTS))) {
            next.answer("/v1/weights", "{\"path\": \"next\"}");
            next.answer("/v1/observe", "{" + traces(ROWS) + "}");
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(
            HttpClient client, String address, String path, String body) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
