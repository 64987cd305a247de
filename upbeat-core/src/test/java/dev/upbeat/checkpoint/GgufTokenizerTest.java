package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
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
        try (HfTokenizer tokenizer = GgufTokenizer.fromMetadata(metadata(pre))) {
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
    void arraysMayBeListsOrJavaArrays() {
        Map<String, Object> metadata = metadata("smollm");
        metadata.compute("tokenizer.ggml.tokens", (key, tokens) -> ((List<?>) tokens).toArray());
        metadata.compute("tokenizer.ggml.merges", (key, merges) -> ((List<?>) merges).toArray(new String[0]));
        metadata.compute("tokenizer.ggml.token_type", (key, types) -> ints((List<?>) types));
        try (HfTokenizer tokenizer = GgufTokenizer.fromMetadata(metadata);
                HfTokenizer original = TokenizerFixtures.tokenizer("smollm")) {
            String text = "The band <|start|> hurries.";
            assertThat(tokenizer.encode(text, true)).isEqualTo(original.encode(text, true));
        }
    }

    @Test
    void theFileSaysWhetherBosAndEosAreAdded() {
        Map<String, Object> metadata = metadata("llama-bpe");
        metadata.put("tokenizer.ggml.add_eos_token", true);
        try (HfTokenizer tokenizer = GgufTokenizer.fromMetadata(metadata)) {
            assertThat(tokenizer.tokenTexts(tokenizer.encode("The", true)))
                    .startsWith("<|begin|>")
                    .endsWith("<|end|>");
            assertThat(tokenizer.decode(tokenizer.encode("The", false), false)).isEqualTo("The");
        }
        metadata.put("tokenizer.ggml.add_bos_token", false);
        metadata.put("tokenizer.ggml.add_eos_token", false);
        try (HfTokenizer tokenizer = GgufTokenizer.fromMetadata(metadata)) {
            assertThat(tokenizer.decode(tokenizer.encode("The", true), false)).isEqualTo("The");
        }
    }

    @Test
    void specialTokensForTheChatTemplateComeFromTheirIds() {
        assertThat(GgufTokenizer.specialTokens(metadata("smollm")))
                .isEqualTo(Map.of("bos_token", "<|begin|>", "eos_token", "<|end|>"));
    }

    @Test
    void whatCannotBeRebuiltExactlyIsRefusedByName() {
        assertRefused("model", "llama", "tokenizer.ggml.model is llama", "expected gpt2");
        assertRefused("pre", "default", "tokenizer.ggml.pre is default", "expected one of [gpt-2, llama-bpe, qwen2");
        assertRefused("pre", null, "tokenizer.ggml.pre is missing", "expected a string");
        assertRefused("add_space_prefix", true, "add_space_prefix is true", "expected false");
        assertRefused("add_bos_token", "yes", "add_bos_token is yes", "expected true or false");
        assertRefused("tokens", null, "tokenizer.ggml.tokens is missing", "expected an array of strings");
        assertRefused("tokens", List.of("a", 1), "tokenizer.ggml.tokens is an array", "expected an array of strings");
        assertRefused("tokens", List.of("a", "a"), "405 tokenizer.ggml.token_type", "as many of each");
        assertRefused("token_type", null, "token_type is missing", "expected an array of integers");
        assertRefused("merges", "a b", "merges is a b", "expected an array of strings");
        assertRefused("merges", List.of("no such"), "the GGUF's tokenizer", "out of vocabulary");
        assertRefused("bos_token_id", 405, "bos_token_id is 405", "expected a token id below 405");

        Map<String, Object> twice = metadata("smollm");
        List<Object> tokens = new ArrayList<>((List<?>) twice.get("tokenizer.ggml.tokens"));
        tokens.set(10, tokens.get(9));
        twice.put("tokenizer.ggml.tokens", tokens);
        assertThatThrownBy(() -> GgufTokenizer.fromMetadata(twice))
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
        assertThatThrownBy(() -> GgufTokenizer.fromMetadata(metadata))
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
        Map<Integer, Integer> types = new HashMap<>();
        for (JsonNode added : document.get("added_tokens")) {
            pieces.put(added.get("id").asInt(), added.get("content").asText());
            types.put(added.get("id").asInt(), added.get("special").asBoolean() ? 3 : 4);
        }
        int size = pieces.size() + 3;
        List<String> tokens = new ArrayList<>();
        List<Integer> tokenTypes = new ArrayList<>();
        for (int id = 0; id < size; id++) {
            tokens.add(pieces.getOrDefault(id, "[PAD" + id + "]"));
            tokenTypes.add(pieces.containsKey(id) ? types.getOrDefault(id, 1) : 5);
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
        metadata.put("tokenizer.ggml.bos_token_id", 0);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        return metadata;
    }

    private static int[] ints(List<?> numbers) {
        return numbers.stream().mapToInt(n -> (Integer) n).toArray();
    }
}
