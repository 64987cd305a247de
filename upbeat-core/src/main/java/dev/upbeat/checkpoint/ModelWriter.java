package dev.upbeat.checkpoint;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tokenizer.CompanionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Writes a model as a Hugging Face directory, in the stored dtype of its configuration. */
public final class ModelWriter {
    private ModelWriter() {}

    /**
     * Writes a checkpoint. If it has an adapter, the merged model is written.
     *
     * @param directory created if missing; files in it are replaced atomically
     * @param dtype of the written weights; null for that of the checkpoint, or f32 if that is unknown, as for a quantised file
     */
    public static void write(Path directory, Checkpoint checkpoint, @Nullable Dtype dtype) throws IOException {
        ModelConfig read = checkpoint.config().storedAs(Dtype.F32);
        ModelConfig config = dtype == null ? read : read.storedIn(dtype);
        WeightSource weights = checkpoint.weights();
        write(directory, checkpoint.companions(), config, name -> weights.read(name, Dtype.F32));
    }

    /**
     * Writes model.safetensors, config.json with its dtype, and the other companions.
     *
     * @param directory created if missing; files in it are replaced atomically
     * @param companions contents by file name; without config.json, one is generated
     * @param weights reads a weight in f32 by its name, when it is written
     */
    public static void write(
            Path directory, Map<String, byte[]> companions, ModelConfig config, Function<String, Tensor> weights)
            throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : companions.entrySet()) {
            byte[] content = file.getKey().equals(CompanionFiles.CONFIG)
                    ? HfConfigWriter.withDtype(file.getValue(), storedDtype(config))
                    : file.getValue();
            AtomicFiles.write(directory.resolve(file.getKey()), out -> out.write(content));
        }
        if (!companions.containsKey(CompanionFiles.CONFIG)) {
            AtomicFiles.writeString(directory.resolve(CompanionFiles.CONFIG), HfConfigWriter.toJson(config));
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), WeightShapes.of(config), weights, type(config));
    }

    /** Whether the stored dtype rounds f32 weights. */
    public static boolean rounds(ModelConfig config) {
        return !type(config).equals(ScalarType.Float);
    }

    /** The stored dtype. */
    public static ScalarType type(ModelConfig config) {
        return switch (storedDtype(config)) {
            case "bfloat16" -> ScalarType.BFloat16;
            case "float16" -> ScalarType.Half;
            default -> ScalarType.Float;
        };
    }

    private static String storedDtype(ModelConfig config) {
        return Objects.requireNonNull(config.storedDtype());
    }
}
