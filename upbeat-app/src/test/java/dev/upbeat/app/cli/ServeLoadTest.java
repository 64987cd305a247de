package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.io.ProcessMemory;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many requests: at the same time, malformed, and for long. The long forms: -Dupbeat.fuzz=100000 and
 * -Dupbeat.load.seconds=600 (two minutes of warm-up, then eight).
 */
@Tag("slow")
class ServeLoadTest {
    private static final int CLIENTS = 200;
    private static final int FUZZED = Integer.getInteger("upbeat.fuzz", 10_000);
    private static final int LOAD_SECONDS = Integer.getInteger("upbeat.load.seconds", 40);

    @TempDir
    private Path directory;

    private LocalService start(Limits limits) {
        return LocalService.of(
                TinyModel.write(directory.resolve("model")), LocalService.options(null, directory, limits));
    }

    private static String request(int client) {
        return "{\"columns\": [\"log_prob\", \"waad\", \"fai\"], "
                + traces(LocalService.randomRows(client, 1 + client % 3, TinyModel.VOCABULARY)) + "}";
    }

    @Test
    void manyClientsAtTheSameTimeGetTheirOwnAnswers() throws Exception {
        Limits limits = new Limits(1, 1000, 16, Duration.ofMillis(20), Duration.ofSeconds(60), 1);
        try (LocalService service = start(limits)) {
            JsonNode[] alone = new JsonNode[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                alone[i] = service.answer("/v1/observe", request(i)).path("observations");
            }
            AtomicInteger busy = new AtomicInteger();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            List<Future<JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                answers.add(clients.submit(() -> answer(service, client, busy)));
            }
            for (int i = 0; i < CLIENTS; i++) {
                compare(answers.get(i).get(), alone[i], "client " + i);
            }
            clients.shutdown();
            assertThat(busy.get()).as("refused with 429 and tried again").isPositive();
        }
    }

    private static JsonNode answer(LocalService service, int client, AtomicInteger busy) throws Exception {
        while (true) {
            HttpResponse<String> response = service.post("/v1/observe", request(client));
            if (response.statusCode() != 429) {
                return LocalService.json(response, 200).path("observations");
            }
            busy.incrementAndGet();
            Thread.sleep(50);
        }
    }

    private static void compare(JsonNode given, JsonNode expected, String name) {
        assertThat(given).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(given.get(i).path("id")).isEqualTo(expected.get(i).path("id"));
            for (String series : List.of("log_prob", "waad", "fai")) {
                JsonNode values = expected.get(i).path(series);
                assertThat(given.get(i).path(series)).as(name).hasSameSizeAs(values);
                for (int t = 0; t < values.size(); t++) {
                    assertThat(given.get(i).path(series).get(t).asDouble())
                            .as(name + " " + series)
                            .isCloseTo(values.get(t).asDouble(), within(1e-5));
                }
            }
        }
    }

    @Test
    void malformedRequestsAreRefused() throws Exception {
        Path weights = TinyModel.write(directory.resolve("weights"));
        assertThat(Files.isDirectory(weights)).isTrue();
        Limits limits = new Limits(1, 500, 8, Duration.ZERO, Duration.ofSeconds(20), 1);
        try (LocalService service = start(limits)) {
            Random random = new Random(11);
            int[] statuses = new int[600];
            for (int i = 0; i < FUZZED; i++) {
                Fuzz fuzz = Fuzz.of(random);
                HttpResponse<String> response = service.send(service.request(fuzz.path())
                        .setHeader("Content-Type", fuzz.type())
                        .POST(BodyPublishers.ofByteArray(fuzz.body())));
                assertThat(response.statusCode())
                        .as("seed 11, request " + i + ": " + fuzz + " " + response.body())
                        .isIn(200, 400, 403, 404, 405, 413, 415, 429);
                statuses[response.statusCode()]++;
            }
            assertThat(statuses[400]).isGreaterThan(FUZZED / 10);
            service.answer("/v1/observe", request(1));
        }
    }

    /** A request with random changes. */
    private record Fuzz(String path, String type, byte[] body) {
        private static final List<String> PATHS =
                List.of("/v1/credit", "/v1/observe", "/v1/weights", "/v1/traces", "/");
        private static final List<String> VALUES = List.of(
                "null",
                "-1",
                "1e999",
                "9223372036854775808",
                "NaN",
                "\"../../etc/passwd\"",
                "[[[[]]]]",
                "{}",
                "true",
                "\"\\ud800\"",
                "0.1",
                "\"class\"",
                "[1, 2, 3]",
                "\"end\"",
                "4294967296",
                "\"\"");
        private static final List<String> NAMES = List.of(
                "strategy", "options", "traces", "rhythm", "groups", "columns", "seed", "step", "path", "run", "share");

        static Fuzz of(Random random) {
            String request =
                    "{\"strategy\": \"coupled-rhythm\", \"options\": {\"share\": 0.3}, \"rhythm\": {\"rho\": 0.3,"
                            + " \"layers\": \"all\", \"horizon\": [1, \"end\"]}, \"seed\": 1, "
                            + traces(LocalService.randomRows(random.nextInt(50), 2, TinyModel.VOCABULARY)) + "}";
            for (int change = random.nextInt(3); change > 0; change--) {
                String value = VALUES.get(random.nextInt(VALUES.size()));
                String name = NAMES.get(random.nextInt(NAMES.size()));
                request = switch (random.nextInt(3)) {
                    case 0 ->
                        request.replaceFirst(
                                "\"" + name + "\": [^,\\]}]+", Matcher.quoteReplacement("\"" + name + "\": " + value));
                    case 1 ->
                        request.replaceFirst("\\{", Matcher.quoteReplacement("{\"" + name + "\": " + value + ", "));
                    default -> request.replaceFirst("\\d+", Matcher.quoteReplacement(value));
                };
            }
            byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change > 0 && bytes.length > 1; change--) {
                int at = random.nextInt(bytes.length);
                if (random.nextInt(6) == 0) {
                    bytes = Arrays.copyOf(bytes, at);
                } else {
                    bytes[at] = (byte) random.nextInt(256);
                }
            }
            String type = random.nextInt(8) == 0 ? "application/x-safetensors" : "application/json";
            return new Fuzz(PATHS.get(random.nextInt(PATHS.size())), type, bytes);
        }

        @Override
        public String toString() {
            return path + " " + new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void memoryStaysTheSameUnderLoad() throws Exception {
        try (LocalService service = start(Limits.DEFAULTS)) {
            ProcessMemory memory = new ProcessMemory(ProcessHandle.current().pid());
            load(service, LOAD_SECONDS / 5);
            System.gc();
            long early = memory.bytes();
            load(service, LOAD_SECONDS * 4 / 5);
            System.gc();
            long late = memory.bytes();
            double most = LOAD_SECONDS >= 600 ? 1.02 : 1.1;
            assertThat((double) late / early)
                    .as("resident memory: " + early + " bytes early, " + late + " late")
                    .isLessThan(most);
        }
    }

    private static void load(LocalService service, int seconds) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Future<Integer>> counts = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            int client = c;
            counts.add(clients.submit(() -> {
                int count = 0;
                while (System.nanoTime() < end) {
                    service.answer("/v1/observe", request(client + 4 * (count++ % 20)));
                }
                return count;
            }));
        }
        for (Future<Integer> count : counts) {
            assertThat(count.get()).isPositive();
        }
        clients.shutdown();
    }
}
