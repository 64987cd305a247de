package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        assertThat(refused(400, "loop")).contains("loop in --weights-root cannot be read");
        assertThat(refused(400, "x".repeat(300))).contains("cannot be read");
        assertThat(service.get("/v1/info").body()).contains("\"weights_version\":1");
    }

    @Test
    void unfitWeightsLeaveTheOldOnes() throws IOException {
        Files.createDirectory(root.resolve("empty"));
        assertThat(refused(400, "empty")).contains("config.json").doesNotContain("upbeat-weights");
        Path adapter = Files.createDirectory(root.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        assertThat(refused(400, "adapter")).contains("adapter_config.json").doesNotContain("upbeat-weights");
        Path other = root.resolve("other");
        TinyModel.write(other);
        TinyModel.put(other, "model.safetensors", "nonsense");
        assertThat(refused(400, "other")).isNotEmpty();
        assertThat(service.get("/v1/info").body()).contains("\"weights_version\":1");
        observe(service);
    }

    @Test
    void anAdapterIsMergedIntoTheModel() throws IOException {
        int hidden = 16;
        int queries = 32;
        float[] a = {0.5f, -0.25f, 0.125f, 0.5f, 1, 0, -1, 0.5f, 0.25f, 0, 1, -0.5f, 0.5f, 0.5f, 0.25f, 0};
        float[] b = new float[queries];
        for (int i = 0; i < queries; i++) {
            b[i] = (i % 5 - 2) * 0.25f;
        }
        String name = "model.layers.1.self_attn.q_proj";
        Path adapter = Files.createDirectory(root.resolve("lora"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 2, \"target_modules\": [\"q_proj\"],"
                        + " \"layers_to_transform\": [1], \"layers_pattern\": \"layers\"}");
        Files.write(
                adapter.resolve("adapter_model.safetensors"),
                TinyModel.safetensors(
                        Map.of(
                                "base_model.model." + name + ".lora_A.weight",
                                a,
                                "base_model.model." + name + ".lora_B.weight",
                                b),
                        Map.of(
                                "base_model.model." + name + ".lora_A.weight",
                                List.of(1, hidden),
                                "base_model.model." + name + ".lora_B.weight",
                                List.of(queries, 1))));
        Map<String, float[]> merged = TinyModel.weights();
        float[] q = Objects.requireNonNull(merged.get(name + ".weight"));
        for (int i = 0; i < q.length; i++) {
            q[i] += 2 * b[i / hidden] * a[i % hidden];
        }
        service.answer("/v1/weights", "{\"path\": \"lora\"}");
        JsonNode adapted = observe(service).path("observations");
        try (LocalService fresh = LocalService.of(TinyModel.write(directory.resolve("merged"), merged))) {
            JsonNode expected = observe(fresh).path("observations");
            for (int i = 0; i < ROWS.length; i++) {
                for (int t = 0; t < expected.get(i).path("log_prob").size(); t++) {
                    assertThat(adapted.get(i).path("log_prob").get(t).doubleValue())
                            .isCloseTo(expected.get(i).path("log_prob").get(t).doubleValue(), within(1e-5));
                }
            }
        }
    }

    @Test
    void twoCheckpointsAreCompared() throws IOException {
        TinyModel.write(root.resolve("next"), halved());
        JsonNode compared =
                service.answer("/v1/compare", "{\"weights\": [\"current\", \"next\"], " + traces(ROWS) + "}");
        SchemaCheck schema = new SchemaCheck(LocalService.json(service.get("/v1/openapi.json"), 200));
        schema.answer("/v1/compare", "post", "200", compared);
        JsonNode current = observe(service).path("observations");
        assertThat(compared.path("traces").get(1).path("a").path("fai"))
                .isEqualTo(current.get(1).path("fai"));
        JsonNode difference = compared.path("differences").path("log_prob");
        assertThat(difference.path("traces").asInt()).isEqualTo(ROWS.length);
        assertThat(difference.path("mean").asDouble())
                .isBetween(
                        difference.path("low").asDouble(),
                        difference.path("high").asDouble());
        JsonNode same =
                service.answer("/v1/compare", "{\"weights\": [\"current\", \"current\"], " + traces(ROWS) + "}");
        assertThat(same.path("differences").path("waad").path("high").asDouble())
                .isZero();
        schema.answer("/v1/weights", "get", "200", LocalService.json(service.get("/v1/weights"), 200));
        assertThat(service.get("/v1/weights").body()).isEqualTo("{\"weights\":[\"current\",\"next\"]}");
        JsonNode report = service.answer(
                "/v1/compare", "{\"weights\": [\"current\", \"next\"], \"report\": true, " + traces(ROWS) + "}");
        assertThat(report.path("report")
                        .path("manifest")
                        .path("runs")
                        .get(1)
                        .path("name")
                        .asText())
                .isEqualTo("next");
        assertThat(report.path("report").path("traces")).hasSize(2 * ROWS.length);
        assertThat(report.path("differences")).isEqualTo(compared.path("differences"));
        service.refusal(
                403, "/v1/compare", "{\"weights\": [\"current\", \"run:a/checkpoint-1\"], " + traces(ROWS) + "}");
        service.refusal(403, "/v1/compare", "{\"weights\": [\"current\", \"../model\"], " + traces(ROWS) + "}");
        service.refusal(400, "/v1/compare", "{\"weights\": [\"current\"], " + traces(ROWS) + "}");
    }

    @Test
    void checkpointsOfRunsAreCompared() throws IOException {
        TinyModel.write(Files.createDirectories(root.resolve("training")).resolve("checkpoint-5"), halved());
        ServeOptions over = new ServeOptions("127.0.0.1", 0, null, root, null, Set.of(), Set.of(), Limits.DEFAULTS);
        try (LocalService runs = LocalService.of(directory.resolve("model"), over)) {
            assertThat(runs.get("/v1/weights").body())
                    .isEqualTo("{\"weights\":[\"current\",\"run:training/checkpoint-5\"]}");
            String pair = "{\"weights\": [\"current\", \"run:training/checkpoint-5\"], ";
            assertThat(runs.answer("/v1/compare", pair + traces(ROWS) + "}")
                            .path("differences")
                            .path("waad")
                            .path("mean")
                            .asDouble())
                    .isNotZero();
            runs.refusal(403, "/v1/compare", pair.replace("training", "../model") + traces(ROWS) + "}");
        }
    }

    @Test
    void withoutARootNothingIsLoaded() {
        try (LocalService closed = LocalService.of(directory.resolve("model"))) {
            assertThat(closed.refusal(403, "/v1/weights", "{\"path\": \"x\"}")).contains("--weights-root");
        }
    }
}
