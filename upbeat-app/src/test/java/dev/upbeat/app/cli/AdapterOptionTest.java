package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --adapter}, and an adapter given as MODEL. */
class AdapterOptionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final int HIDDEN = 16;
    private static final int QUERIES = 32;

    @TempDir
    private Path directory;

    private Path model;
    private Path adapter;
    private Path traces;

    @BeforeEach
    void writeFiles() throws IOException {
        model = TinyModel.write(directory.resolve("tiny"));
        traces = TinyModel.traces(directory.resolve("traces.jsonl"), 4, 4, 30);
        adapter = Files.createDirectory(directory.resolve("lora"));
        write(Map.of("peft_type", "LORA", "r", 1, "lora_alpha", 2, "target_modules", List.of(QUERY)));
        float[] a = new float[HIDDEN];
        float[] b = new float[QUERIES];
        Arrays.fill(a, 0.3f);
        Arrays.fill(b, 0, QUERIES / 2, 0.5f);
        try (PointerScope scope = new PointerScope()) {
            SafetensorsWriter.write(
                    adapter.resolve("adapter_model.safetensors"),
                    Map.of(
                            "base_model.model." + QUERY + ".lora_A.weight", Tensors.of(a, 1, HIDDEN),
                            "base_model.model." + QUERY + ".lora_B.weight", Tensors.of(b, QUERIES, 1)));
        }
    }

    private void write(Map<String, Object> settings) throws IOException {
        JSON.writeValue(adapter.resolve("adapter_config.json").toFile(), settings);
    }

    private Cli analyze(String out, Object... model) {
        List<Object> args = new ArrayList<>(List.of("analyze"));
        args.addAll(List.of(model));
        args.addAll(List.of("--traces", traces, "--dtype", "f32", "--out", directory.resolve(out)));
        return Cli.upbeat(args.toArray());
    }

    private String logProbs(String run) {
        return Cli.query(directory.resolve(run), "SELECT id, log_prob FROM traces ORDER BY id")
                .toString();
    }

    private JsonNode provenance(String run) throws IOException {
        return JSON.readTree(directory.resolve(run).resolve("provenance.json").toFile());
    }

    @Test
    void anAdapterChangesTheSeriesAndTheHashOfTheModel() throws IOException {
        analyze("base", model).done();
        analyze("adapted", model, "--adapter", adapter).done();
        assertThat(logProbs("adapted")).isNotEqualTo(logProbs("base"));
        JsonNode recorded = provenance("adapted");
        assertThat(recorded.at("/model/name").asText()).isEqualTo("tiny + lora");
        try (Checkpoint checkpoint = Checkpoint.open(model, adapter)) {
            assertThat(recorded.at("/model/sha256").asText()).isEqualTo(checkpoint.sha256());
        }
        assertThat(recorded.at("/model/sha256")).isNotEqualTo(provenance("base").at("/model/sha256"));
        assertThat(Files.readString(directory.resolve("adapted/config.yaml"))).contains("adapter: ");
    }

    @Test
    void anAdapterAsModelIsReadOverTheBaseThatItNames() throws IOException {
        analyze("given", model, "--adapter", adapter).done();
        write(Map.of(
                "peft_type",
                "LORA",
                "r",
                1,
                "lora_alpha",
                2,
                "target_modules",
                List.of(QUERY),
                "base_model_name_or_path",
                "../tiny"));
        analyze("named", adapter).done();
        assertThat(logProbs("named")).isEqualTo(logProbs("given"));
    }

    @Test
    void aWrongAdapterIsOneMessage() throws IOException {
        analyze("x", model, "--adapter", directory.resolve("gone")).refused("gone does not exist");
        analyze("x", model, "--adapter", "").refused("--adapter is empty");
        analyze("x", model, "--adapter", model).refused("tiny is no PEFT adapter", "adapter_config.json");
        analyze("x", adapter).refused("lora", "has no base_model_name_or_path", "--adapter");
        Files.writeString(adapter.resolve("adapter_model.safetensors"), "damaged");
        analyze("x", model, "--adapter", adapter).refused("adapter_model.safetensors", "damaged");
        assertThat(directory.resolve("x")).doesNotExist();
    }
}
