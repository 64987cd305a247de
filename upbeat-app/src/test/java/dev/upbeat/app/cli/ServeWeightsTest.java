package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeWeightsTest {
    private static final String[] ROWS = LocalService.randomRows(3, 3, TinyModel.VOCABULARY);

    @TempDir
    private Path directory;

    private Path root;
    private LocalService service;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        service = LocalService.of(
                TinyModel.write(directory.resolve("model")), LocalService.options(null, root, Limits.DEFAULTS));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static Map<String, float[]> halved() {
        Map<String, float[]> weights = TinyModel.weights();
        weights.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] *= name.contains("q_proj") ? 0.5f : 1;
            }
        });
        return weights;
    }

    private JsonNode observe(LocalService of) {
        return of.answer("/v1/observe", "{" + traces(ROWS) + "}");
    }

    private String refused(int status, String path) {
        return service.refusal(status, "/v1/weights", "{\"path\": \"" + path + "\"}");
    }

    @Test
    void newWeightsMeasureAsTheirCheckpoint() throws IOException {
        Path next = TinyModel.write(root.resolve("step-1"), halved());
        JsonNode before = observe(service);
        JsonNode answer = service.answer("/v1/weights", "{\"path\": \"step-1\"}");
        assertThat(answer.path("weights_version").asInt()).isEqualTo(2);
        JsonNode after = observe(service);
        assertThat(after.path("weights_version").asInt()).isEqualTo(2);
        assertThat(after.path("observations")).isNotEqualTo(before.path("observations"));
        try (LocalService fresh = LocalService.of(next)) {
            assertThat(after.path("observations")).isEqualTo(observe(fresh).path("observations"));
        }
        // The client may delete its files.
        Files.delete(next.resolve("model.safetensors"));
        assertThat(observe(service)).isEqualTo(after);
        TinyModel.write(root.resolve("step-2"));
        service.answer("/v1/weights", "{\"path\": \"" + root.resolve("step-2") + "\"}");
        assertThat(observe(service).path("observations")).isEqualTo(before.path("observations"));
        assertThat(service.get("/v1/metrics").body()).contains("upbeat_weights_version 3");
    }

    @Test
    void pathsOutsideTheRootAreRefused() throws IOException {
        assertThat(refused(403, "..")).contains("outside --weights-root");
        assertThat(refused(403, "../model")).contains("outside");
        assertThat(refused(403, "/etc")).contains("outside");
        assertThat(refused(403, "/no/such/path")).contains("outside");
        assertThat(refused(400, "a\\u0000b")).contains("path");
        assertThat(refused(400, "none")).contains("there is no none in --weights-root");
        assertThat(refused(400, "")).contains("path is");
        Files.writeString(root.resolve("file"), "x");
        assertThat(refused(400, "file")).contains("not a directory");
        assertThat(service.refusal(400, "/v1/weights", "{\"path\": 5}")).contains("path is 5");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symlinks need privileges there")
    void symlinksOutOfTheRootAreRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), directory.resolve("model"));
        assertThat(refused(403, "link")).contains("outside");
        Path mixed = TinyModel.write(root.resolve("mixed"));
        Files.delete(mixed.resolve("model.safetensors"));
        Files.createSymbolicLink(
                mixed.resolve("model.safetensors"), directory.resolve("model").resolve("model.safetensors"));
        assertThat(refused(403, "mixed")).contains("outside");
        assertThat(service.get("/v1/info").body()).contains("\"weights_version\":1");
    }

    @Test
    void unfitWeightsLeaveTheOldOnes() throws IOException {
        Files.createDirectory(root.resolve("empty"));
        assertThat(refused(400, "empty")).contains("config.json").doesNotContain("upbeat-weights");
        Path adapter = Files.createDirectory(root.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        assertThat(refused(400, "adapter")).contains("PEFT");
        Path other = root.resolve("other");
        TinyModel.write(other);
        TinyModel.put(other, "model.safetensors", "nonsense");
        assertThat(refused(400, "other")).isNotEmpty();
        assertThat(service.get("/v1/info").body()).contains("\"weights_version\":1");
        observe(service);
    }

    @Test
    void withoutARootNothingIsLoaded() {
        try (LocalService closed = LocalService.of(directory.resolve("model"))) {
            assertThat(closed.refusal(403, "/v1/weights", "{\"path\": \"x\"}")).contains("--weights-root");
        }
    }
}
