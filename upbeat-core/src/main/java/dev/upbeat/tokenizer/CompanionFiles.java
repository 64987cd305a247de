package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a Hugging Face directory other than its weights, by name, in memory. */
public final class CompanionFiles {
    /** The model's configuration; all other files fit any model with the same tokenizer. */
    public static final String CONFIG = "config.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    static final List<String> NAMES = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json");

    private CompanionFiles() {}

    public static Map<String, byte[]> ofModel(Path directory) throws IOException {
        Map<String, byte[]> files = ofTokenizer(directory);
        files.put(CONFIG, InputFiles.bytes(directory.resolve(CONFIG), InputFiles.SETTINGS_BYTES));
        return files;
    }

    /** The files of a tokenizer, in a directory that may not be a model: all except config.json. */
    public static Map<String, byte[]> ofTokenizer(Path directory) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : NAMES) {
            if (Files.exists(directory.resolve(name))) {
                files.put(name, InputFiles.bytes(directory.resolve(name), TokenizerFiles.LARGEST_BYTES));
            }
        }
        return files;
    }

    /** The tokenizer inside a GGUF file, in Hugging Face form. */
    public static Map<String, byte[]> ofGguf(GgufMetadata metadata) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (GgufTokenizer.isIn(metadata)) {
            files.put("tokenizer.json", GgufTokenizer.json(metadata).getBytes(StandardCharsets.UTF_8));
            ObjectNode config = JSON.createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
            GgufTokenizer.specialTokens(metadata).forEach(config::put);
            files.put(
                    "tokenizer_config.json",
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        }
        if (metadata.contains(GgufMetadata.CHAT_TEMPLATE)) {
            files.put(
                    "chat_template.jinja",
                    metadata.string(GgufMetadata.CHAT_TEMPLATE).getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }
}
