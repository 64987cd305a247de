package dev.upbeat.checkpoint.peft;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Writes adapters as PEFT 0.21 saves them: adapter_config.json, adapter_model.safetensors. */
public final class LoraWriter {
    private static final JsonMapper JSON = new JsonMapper();

    private LoraWriter() {}

    /**
     * The model that an adapter belongs to, as its settings name it.
     *
     * @param name path or hub id
     * @param revision of the hub id; null for none
     */
    public record Base(String name, @Nullable String revision) {
        /** The base of a name as users give it: {@code ORG/NAME@revision}, or a path. */
        public static Base of(String given) {
            int at = given.lastIndexOf('@');
            return at < 0 || Files.exists(Path.of(given))
                    ? new Base(given, null)
                    : new Base(given.substring(0, at), given.substring(at + 1));
        }
    }

    /**
     * @param directory created if missing; files in it are replaced atomically
     * @param tensors by the names of {@link LoraSettings#shapes}; written in f32
     */
    public static void write(Path directory, LoraSettings settings, Base base, Map<String, Tensor> tensors)
            throws IOException {
        Files.createDirectories(directory);
        String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(settings, base));
        AtomicFiles.writeString(directory.resolve(LoraConfig.FILE), json + "\n");
        SafetensorsWriter.write(directory.resolve(LoraAdapter.WEIGHTS), tensors, ScalarType.Float);
    }

    private static ObjectNode json(LoraSettings settings, Base base) {
        ObjectNode json = JSON.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", base.name());
        json.put("revision", base.revision());
        json.put("r", settings.rank());
        if (settings.alpha() == Math.rint(settings.alpha()) && settings.alpha() < Integer.MAX_VALUE) {
            json.put("lora_alpha", (int) settings.alpha()); // PEFT's type
        } else {
            json.put("lora_alpha", settings.alpha());
        }
        json.put("lora_dropout", settings.dropout());
        settings.targetModules().forEach(json.putArray("target_modules")::add);
        json.put("use_rslora", settings.rankStabilized());
        json.put("use_dora", false);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("inference_mode", true);
        json.putNull("modules_to_save");
        json.putNull("layers_to_transform");
        json.putNull("layers_pattern");
        json.putObject("rank_pattern");
        json.putObject("alpha_pattern");
        return json;
    }
}
