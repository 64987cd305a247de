package dev.upbeat.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parsed files of a tokenizer. All except tokenizer.json may be absent.
 *
 * @param source name of tokenizer.json in messages
 * @param tokenizer content of tokenizer.json
 * @param config content of tokenizer_config.json
 * @param specialTokensMap content of special_tokens_map.json, an older form of entries of tokenizer_config.json
 * @param addedTokens content of added_tokens.json: ids by token
 */
public record TokenizerFiles(
        String source,
        ObjectNode tokenizer,
        @Nullable ObjectNode config,
        @Nullable ObjectNode specialTokensMap,
        @Nullable ObjectNode addedTokens) {
    public static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS = "special_tokens_map.json";
    static final String ADDED_TOKENS = "added_tokens.json";

    /** Limit for tokenizer.json; the largest known one has 34 MB. */
    static final long LARGEST_BYTES = 64L << 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @throws BadInputException if tokenizer.json is missing or a file cannot be used */
    static TokenizerFiles inFolder(Path folder) {
        return new TokenizerFiles(
                folder.resolve(TOKENIZER).toString(),
                parse(
                        InputFiles.text(folder.resolve(TOKENIZER), LARGEST_BYTES),
                        folder.resolve(TOKENIZER).toString()),
                optional(folder.resolve(CONFIG)),
                optional(folder.resolve(SPECIAL_TOKENS)),
                optional(folder.resolve(ADDED_TOKENS)));
    }

    /**
     * @param files contents by name, as in {@link CompanionFiles}, including tokenizer.json
     * @throws BadInputException if one of them cannot be used
     */
    static TokenizerFiles of(Map<String, byte[]> files) {
        Map<String, ObjectNode> parsed = new LinkedHashMap<>();
        files.forEach((name, bytes) -> {
            switch (name) {
                case TOKENIZER, CONFIG, SPECIAL_TOKENS, ADDED_TOKENS ->
                    parsed.put(name, parse(new String(bytes, StandardCharsets.UTF_8), name));
                default -> {}
            }
        });
        ObjectNode tokenizer = parsed.get(TOKENIZER);
        if (tokenizer == null) {
            throw new IllegalArgumentException("no " + TOKENIZER + " among " + files.keySet());
        }
        return new TokenizerFiles(
                TOKENIZER, tokenizer, parsed.get(CONFIG), parsed.get(SPECIAL_TOKENS), parsed.get(ADDED_TOKENS));
    }

    /** @param source name of the document in messages */
    static TokenizerFiles ofJson(String json, String source) {
        return new TokenizerFiles(source, parse(json, source), null, null, null);
    }

    private static @Nullable ObjectNode optional(Path file) {
        return Files.exists(file) ? parse(InputFiles.text(file, InputFiles.SETTINGS_BYTES), file.toString()) : null;
    }

    private static ObjectNode parse(String json, String source) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
            throw new BadInputException(source + " is not a JSON object: expected {...}. Fetch the file again.");
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    source + " is not JSON (" + ParseFault.placed(e)
                            + "): expected a JSON object. Fetch the file again.",
                    e);
        }
    }

    /** Whether the older files count, as in transformers: tokenizer_config.json has no {@code added_tokens_decoder}. */
    boolean legacy() {
        return config == null || !config.has(AddedTokens.DECODER);
    }

    /** The declaration of a special token (a string, or an object with its content) and its file. */
    @Nullable
    Declared special(String name) {
        if (legacy() && specialTokensMap != null && specialTokensMap.hasNonNull(name)) {
            return new Declared(SPECIAL_TOKENS, specialTokensMap.get(name));
        }
        return config != null && config.hasNonNull(name) ? new Declared(CONFIG, config.get(name)) : null;
    }

    record Declared(String file, JsonNode value) {}
}
