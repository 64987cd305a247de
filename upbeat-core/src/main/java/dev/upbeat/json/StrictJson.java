package dev.upbeat.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.io.Remedy;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a JSON object in UTF-8; rejects duplicate keys and anything after the object. */
public final class StrictJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    public static ObjectNode read(Path file) {
        return parse(InputFiles.bytes(file, InputFiles.SETTINGS_BYTES), file.toString(), file);
    }

    /**
     * @param origin name of the bytes in messages
     * @param file the file that holds them
     */
    public static ObjectNode parse(byte[] utf8, String origin, Path file) {
        String remedy = Remedy.ofDamaged(file, "Fetch the file again.");
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            JsonNode node = MAPPER.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new BadInputException(origin + " is not a JSON object: expected {...}. " + remedy);
        } catch (CharacterCodingException e) {
            throw new BadInputException(origin + " is not UTF-8 text. " + remedy, e);
        } catch (JsonProcessingException e) {
            throw new BadInputException(origin + " is not valid JSON: " + ParseFault.placed(e) + ". " + remedy, e);
        }
    }
}
