package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "tekken"})
    void aVocabularyOutOfAGgufTokenisesAsTheTokenizerJsonItCameFrom(String pre) {
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(metadata(pre)))) {
            for (JsonNode row : TokenizerFixtures.golden(pre).get("cases")) {
                String text = row.get("text").asText();
                int[] ids = tokenizer.encode(text, true);
                assertThat(ids).as(text).isEqualTo(TokenizerFixtures.ints(row.get("ids")));
                assertThat(tokenizer.encode(text, false))
                        .as(text)
                        .isEqualTo(TokenizerFixtures.ints(row.get("ids_without_special")));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(row.get("decoded").asText());
                assertThat(tokenizer.decode(ids, true))
                        .isEqualTo(row.get("decoded_without_special").asText());
            }
        }
    }

    @Test
    void theFileSaysWhetherBosAndEosAreAdded() {
        Map<String, Object> metadata = metadata("llama-bpe");
        metadata.put("tokenizer.ggml.add_eos_token", true);
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(metadata))) {
            assertThat(tokenizer.tokenTexts(tokenizer.encode("The", true)))
                    .startsWith("<|begin|>")
                    .endsWith("<|end|>");
            assertThat(tokenizer.decode(tokenizer.encode("The", false), false)).isEqualTo("The");
        }
        metadata.put("tokenizer.ggml.add_bos_token", false);
        metadata.put("tokenizer.ggml.add_eos_token", false);
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(metadata))) {
            assertThat(tokenizer.decode(tokenizer.encode("The", true), false)).isEqualTo("The");
        }
    }

    @Test
    void specialTokensForTheChatTemplateComeFromTheirIds() {
        assertThat(GgufTokenizer.specialTokens(file(metadata("smollm"))))
                .isEqualTo(Map.of("bos_token", "<|begin|>", "eos_token", "<|end|>"));
    }

    @Test
    void whatCannotBeRebuiltExactlyIsRefusedByName() {
        assertRefused("model", "llama", "tokenizer.ggml.model llama", "expected gpt2");
        assertRefused("pre", "default", "tokenizer.ggml.pre default", "expected one of [gpt-2, llama-bpe, qwen2");
        assertRefused("pre", null, "no value for tokenizer.ggml.pre", "expected a string");
        assertRefused("add_space_prefix", true, "add_space_prefix true", "expected false");
        assertRefused("add_bos_token", "yes", "String yes for tokenizer.ggml.add_bos_token", "expected a boolean");
        assertRefused("tokens", null, "no value for tokenizer.ggml.tokens", "expected an array");
        assertRefused("tokens", List.of("a", 1L), "Long 1 for tokenizer.ggml.tokens", "expected a string in each");
        assertRefused("tokens", List.of("a", "a"), "405 tokenizer.ggml.token_type", "as many of each");
        assertRefused("token_type", null, "no value for tokenizer.ggml.token_type", "expected an array");
        assertRefused("merges", "a b", "String a b for tokenizer.ggml.merges", "expected an array");
        assertRefused("merges", List.of("no such"), "the tokenizer of model.gguf", "out of vocabulary");
        assertRefused("bos_token_id", 405L, "tokenizer.ggml.bos_token_id 405", "expected a token id below 405");

        Map<String, Object> twice = metadata("smollm");
        List<Object> tokens = new ArrayList<>((List<?>) twice.get("tokenizer.ggml.tokens"));
        tokens.set(10, tokens.get(9));
        twice.put("tokenizer.ggml.tokens", tokens);
        assertThatThrownBy(() -> GgufTokenizer.of(file(twice)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("as token 9 and as 10", "expected each once");
    }

    private static void assertRefused(String key, @Nullable Object value, String... parts) {
        Map<String, Object> metadata = metadata("smollm");
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.remove("tokenizer.ggml." + key);
        if (value != null) {
            metadata.put("tokenizer.ggml." + key, value);
        }
        assertThatThrownBy(() -> GgufTokenizer.of(file(metadata)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }

    /** What a converter writes for the fixture; three more rows pad the vocabulary. */
    private static Map<String, Object> metadata(String pre) {
        JsonNode document = TokenizerFixtures.document(pre);
        Map<Integer, String> pieces = new HashMap<>();
        document.get("model")
                .get("vocab")
                .properties()
                .forEach(e -> pieces.put(e.getValue().asInt(), e.getKey()));
        Map<Integer, Long> types = new HashMap<>();
        for (JsonNode added : document.get("added_tokens")) {
            pieces.put(added.get("id").asInt(), added.get("content").asText());
            types.put(added.get("id").asInt(), added.get("special").asBoolean() ? 3L : 4L);
        }
        int size = pieces.size() + 3;
        List<String> tokens = new ArrayList<>();
        List<Long> tokenTypes = new ArrayList<>();
        for (int id = 0; id < size; id++) {
            tokens.add(pieces.getOrDefault(id, "[PAD" + id + "]"));
            tokenTypes.add(pieces.containsKey(id) ? types.getOrDefault(id, 1L) : 5L);
        }
        List<String> merges = new ArrayList<>();
        document.get("model")
                .get("merges")
                .forEach(pair ->
                        merges.add(pair.get(0).asText() + " " + pair.get(1).asText()));

        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", pre);
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", tokenTypes);
        metadata.put("tokenizer.ggml.merges", merges);
        metadata.put("tokenizer.ggml.bos_token_id", 0L);
        metadata.put("tokenizer.ggml.eos_token_id", 2L);
        return metadata;
    }

    private static GgufMetadata file(Map<String, Object> values) {
        return new GgufMetadata(Path.of("model.gguf"), values);
    }
}
