package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.Upbeat;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A service in this process on a free port, and a client of it. */
@NullMarked
final class LocalService implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Path COUNTDOWN = Path.of("../models/countdown");

    private final Service service;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private LocalService(Service service) {
        this.service = service;
    }

    static LocalService of(Path model) {
        return of(model, options(null, null, Limits.DEFAULTS));
    }

    static LocalService of(Path model, ServeOptions options) {
        try {
            Upbeat loaded = Upbeat.load(model.toString(), Dtype.F32, (file, done, total) -> {});
            return new LocalService(Service.start(options, loaded, "model"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ServeOptions options(@Nullable String token, @Nullable Path weightsRoot, Limits limits) {
        return new ServeOptions("127.0.0.1", 0, token, null, weightsRoot, Set.of(), Set.of(), limits);
    }

    int port() {
        return service.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** The answer to a request that goes well. */
    JsonNode answer(String path, String body) {
        return json(post(path, body), 200);
    }

    /** The message of the answer to a request that is refused. */
    String refusal(int status, String path, String body) {
        return json(post(path, body), status).path("error").asText();
    }

    static JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of a traces file with random ids, one JSON object each. */
    static String[] randomRows(long seed, int rows, int vocabulary) {
        Random random = new Random(seed);
        String[] lines = new String[rows];
        for (int i = 0; i < rows; i++) {
            lines[i] = "{\"id\": \"t" + i + "\", \"prompt_ids\": " + ids(random, 3 + random.nextInt(12), vocabulary)
                    + ", \"response_ids\": " + ids(random, 5 + random.nextInt(40), vocabulary) + "}";
        }
        return lines;
    }

    static String traces(String... rows) {
        return "\"traces\": [" + String.join(", ", rows) + "]";
    }

    private static String ids(Random random, int count, int vocabulary) {
        return Arrays.stream(random.ints(count, 0, vocabulary).toArray())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public void close() {
        service.close();
    }
}
