package dev.upbeat.checkpoint.peft;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Adapters of a few kilobytes with random values, written as PEFT saves them. */
public final class TinyAdapters {
    public static final String Q0 = "model.layers.0.self_attn.q_proj";

    private TinyAdapters() {}

    /** A tensor of a file. */
    record Values(float[] values, long... shape) {}

    /** Settings of a plain adapter; entries may be replaced. */
    public static Map<String, Object> settings(List<String> targets, int rank, double alpha) {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("peft_type", "LORA");
        settings.put("task_type", "CAUSAL_LM");
        settings.put("r", rank);
        settings.put("lora_alpha", alpha);
        settings.put("target_modules", targets);
        return settings;
    }

    /** Random A [r, I] and B [O, r] of some modules, by their names in the file. */
    static Map<String, Values> loras(ModelConfig model, List<String> modules, int rank, long seed) {
        Random random = new Random(seed);
        Map<String, Values> tensors = new HashMap<>();
        for (String module : modules) {
            long[] shape = requireNonNull(WeightShapes.of(model).get(module + ".weight"), module);
            tensors.put(stored(module + ".lora_A.weight"), random(random, rank, shape[1]));
            tensors.put(stored(module + ".lora_B.weight"), random(random, shape[0], rank));
        }
        return tensors;
    }

    static String stored(String name) {
        return "base_model.model." + name;
    }

    static Values random(Random random, long... shape) {
        float[] values = new float[(int) (shape.length == 1 ? shape[0] : shape[0] * shape[1])];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Values(values, shape);
    }

    static Path write(Path directory, Map<String, Object> settings, Map<String, Values> tensors) throws IOException {
        Files.createDirectories(directory);
        new ObjectMapper().writeValue(directory.resolve("adapter_config.json").toFile(), settings);
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> written = new HashMap<>();
            tensors.forEach(
                    (name, tensor) -> written.put(name, TinyModels.tensor(tensor.values(), Dtype.F32, tensor.shape())));
            SafetensorsWriter.write(directory.resolve("adapter_model.safetensors"), written);
        }
        return directory;
    }

    /** A plain adapter of the query projection of layer 0. */
    public static Path plain(Path directory, ModelConfig model, long seed) throws IOException {
        return write(directory, settings(List.of(Q0), 2, 4), loras(model, List.of(Q0), 2, seed));
    }
}
