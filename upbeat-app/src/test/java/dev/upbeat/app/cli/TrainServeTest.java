package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code upbeat train --serve}: the live page of the run. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init") // set before every test
class TrainServeTest {
    @TempDir
    private Path directory;

    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config = Files.writeString(directory.resolve("sft.yaml"), """
                kind: sft
                architecture: {layers: 3, hidden: 16, heads: 2, kv_heads: 1, head_dim: 8, mlp: 24, context: 160}
                task: {name: countdown, test: 4}
                learn: {steps: 4, batch: 4, learning_rate: 3.0e-3}
                validation: {every: 0}
                eval: {every: 0}
                out: %s
                """.formatted(directory.resolve("runs/first")));
    }

    @Test
    void aServedTrainingHasTheSameResults() throws IOException {
        upbeat("train", config, "--threads", 1).done();
        int port = freePort();
        CompletableFuture<String> events = CompletableFuture.supplyAsync(() -> events(port));
        Cli served = upbeat("train", config, "out=" + directory.resolve("runs/second"), "--threads", 1, "--serve", port)
                .done();
        assertThat(served.out()).contains("live page: http://127.0.0.1:" + port + "/#/runs/second");
        assertThat(events.join())
                .contains("event: metrics\ndata: {\"run\":\"second\"")
                .endsWith("event: end\ndata: {}\n\n");
        assertThat(metrics("second")).isEqualTo(metrics("first")).hasSize(4);
        String weights = "checkpoint-4/model.safetensors";
        assertThat(directory.resolve("runs/second").resolve(weights))
                .hasSameBinaryContentAs(directory.resolve("runs/first").resolve(weights));
        String optimizer = "checkpoint-4/trainer/optimizer.safetensors";
        assertThat(directory.resolve("runs/second").resolve(optimizer))
                .hasSameBinaryContentAs(directory.resolve("runs/first").resolve(optimizer));
    }

    @Test
    void aTakenPortStopsTheTrainingBeforeItBegins() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            upbeat("train", config, "--serve", taken.getLocalPort())
                    .refused("--serve " + taken.getLocalPort(), "taken");
        }
        assertThat(directory.resolve("runs/first")).doesNotExist();
        upbeat("train", config, "--serve", 70_000).refused("--serve 70000");
    }

    @Test
    void theWordAfterServeMayBeTheConfiguration() {
        upbeat("train", "--serve", directory.resolve("none.yaml")).refused("none.yaml");
    }

    /** The events of the run's page until it ends; it may not listen yet. */
    private static String events(int port) {
        for (int tries = 0; tries < 600; tries++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream()
                        .write("GET /v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                pause();
            }
        }
        return "no answer";
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines of metrics without times. */
    private List<ObjectNode> metrics(String run) throws IOException {
        return Files.readAllLines(directory.resolve("runs").resolve(run).resolve("metrics.jsonl")).stream()
                .map(TrainServeTest::withoutTimes)
                .toList();
    }

    private static ObjectNode withoutTimes(String line) {
        try {
            ObjectNode metrics = (ObjectNode) LocalService.JSON.readTree(line);
            return metrics.without(List.of(
                    "time/step_s",
                    "tokens_per_s",
                    "time/rollout_s",
                    "time/observe_s",
                    "time/update_s",
                    "time/metrics_s"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}
