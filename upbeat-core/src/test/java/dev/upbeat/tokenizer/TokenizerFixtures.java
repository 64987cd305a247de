package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The files that src/test/python/tokenizer_fixtures.py writes. */
public final class TokenizerFixtures {
    private TokenizerFixtures() {}

    public static JsonNode document(String name) {
        return read("/tokenizers/" + name + ".json");
    }

    static JsonNode golden(String name) {
        return read("/tokenizers/" + name + ".golden.json");
    }

    public static HfTokenizer tokenizer(String name) {
        return HfTokenizer.fromJson(document(name).toString(), name);
    }

    static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static JsonNode read(String resource) {
        try (InputStream in = TokenizerFixtures.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
