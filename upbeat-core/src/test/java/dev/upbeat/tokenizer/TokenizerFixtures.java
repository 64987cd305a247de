package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

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

    /**
     * Asserts that a text of a golden file is encoded and decoded as the file says.
     *
     * @return its ids with special tokens
     */
    static int[] assertAsGolden(HfTokenizer tokenizer, JsonNode row) {
        String text = row.get("text").asText();
        int[] ids = tokenizer.encode(text, true);
        assertThat(ids).as(text).isEqualTo(ints(row.get("ids")));
        assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ints(row.get("ids_without_special")));
        assertThat(tokenizer.decode(ids, false)).isEqualTo(row.get("decoded").asText());
        assertThat(tokenizer.decode(ids, true))
                .isEqualTo(row.get("decoded_without_special").asText());
        return ids;
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
