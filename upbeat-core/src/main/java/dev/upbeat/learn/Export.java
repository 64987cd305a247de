package dev.upbeat.learn;

import dev.upbeat.checkpoint.HfConfigWriter;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.tokenizer.CompanionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Writes the weights of a policy as a Hugging Face directory, in the stored dtype of a configuration. */
final class Export {
    private Export() {}

    /**
     * Writes model.safetensors, config.json with its dtype, and the other companions.
     *
     * @param directory created if missing; files in it are replaced atomically
     * @param companions contents by file name; without config.json, one is generated
     * @param masters f32 weights by Hugging Face name
     */
    static void write(Path directory, Map<String, byte[]> companions, ModelConfig config, Map<String, Tensor> masters)
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
        SafetensorsWriter.write(directory.resolve("model.safetensors"), masters, type(config));
    }

    /** Whether the stored dtype rounds f32 weights. */
    static boolean rounds(ModelConfig config) {
        return !type(config).equals(ScalarType.Float);
    }

    static ScalarType type(ModelConfig config) {
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
