package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTokenizerTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-2, gpt-2",
        "trillion, gpt-2",
        "smollm, smollm",
        "refact, smollm",
        "qwen2, qwen2",
        "deepseek-r1-qwen, qwen2",
        "llama-bpe, llama-bpe",
        "llama3, llama-bpe",
        "llama-v3, llama-bpe",
        "falcon3, llama-bpe",
        "tekken, tekken",
        "gpt-4o, gpt-4o",
        "seed-coder, seed-coder",
        "deepseek-coder, deepseek-coder",
        "deepseek-v3, deepseek-v3"
    })
    void aGgufVocabularyTokenisesLikeItsTokenizerJson(String pre, String fixture) {
        Map<String, Object> values = metadata(fixture);
        values.put("tokenizer.ggml.pre", pre);
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(values))) {
            for (JsonNode row : TokenizerFixtures.golden(fixture).get("cases")) {
                TokenizerFixtures.assertAsGolden(tokenizer, row);
            }
        }
    }

    /** Golden: SentencePiece itself (src/test/python/spm_golden.py), exact. */
    @Test
    void aSentencePieceVocabularyTokenisesAsSentencePieceDoes() {
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(sentencePiece()))) {
            for (JsonNode row : TokenizerFixtures.golden("spm").get("cases")) {
                String text = row.get("text").asText();
                int[] ids = TokenizerFixtures.ints(row.get("ids"));
                assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(row.get("decoded").asText());
                assertThat(tokenizer.encode(text, true)[0]).as("BOS").isEqualTo(1);
            }
        }
    }

    @Test
    void aSentencePieceVocabularyWithoutASpacePrefixAddsNone() {
        Map<String, Object> metadata = sentencePiece();
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        metadata.put("tokenizer.ggml.add_bos_token", false);
        try (HfTokenizer tokenizer = GgufTokenizer.of(file(metadata))) {
            int[] ids = tokenizer.encode("the band", true);
            assertThat(tokenizer.tokenTexts(ids).get(0)).startsWith("t");
            assertThat(tokenizer.decode(ids, false)).isEqualTo("the band");
        }
    }

    @Test
    void aSentencePieceVocabularyThatCannotBeRebuiltIsRefused() {
        assertRefused(sentencePiece(), "scores", null, "no value for tokenizer.ggml.scores", "expected an array");
        assertRefused(sentencePiece(), "scores", List.of(1f), "560 tokenizer.ggml.tokens", "1 tokenizer.ggml.scores");
        assertRefused(sentencePiece(), "scores", List.of(Float.NaN), "NaN", "expected an array of finite numbers");
        Map<String, Object> longPiece = sentencePiece();
        List<Object> tokens = new ArrayList<>((List<?>) longPiece.get("tokenizer.ggml.tokens"));
        tokens.set(400, "a".repeat(257));
        assertRefused(longPiece, "tokens", tokens, "token 400 of 257 characters", "at most 256");
        assertRefused(sentencePiece(), "unknown_token_id", 560L, "unknown_token_id 560", "below 560");
        assertRefused(sentencePiece(), "remove_extra_whitespaces", true, "remove_extra_whitespaces", "as it is");
        assertRefused(sentencePiece(), "precompiled_charsmap", List.of(1L), "precompiled_charsmap", "as it is");
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
    void unsupportedTokenizersAreRejectedByName() {
        assertRefused("model", "t5", "tokenizer.ggml.model t5", "expected gpt2", "or llama");
        assertRefused("pre", "default", "tokenizer.ggml.pre default", "expected one of [a.x-4.0, command-r");
        assertRefused("pre", null, "no value for tokenizer.ggml.pre", "expected a string");
        assertRefused("add_space_prefix", true, "add_space_prefix true", "expected false");
        assertRefused("add_bos_token", "yes", "String yes for tokenizer.ggml.add_bos_token", "expected a boolean");
        assertRefused("tokens", null, "no value for tokenizer.ggml.tokens", "expected an array");
        assertRefused("tokens", List.of("a", 1L), "Long 1 for tokenizer.ggml.tokens", "expected an array of strings");
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
        assertRefused(metadata, key, value, parts);
    }

    private static void assertRefused(
            Map<String, Object> metadata, String key, @Nullable Object value, String... parts) {
        metadata.remove("tokenizer.ggml." + key);
        if (value != null) {
            metadata.put("tokenizer.ggml." + key, value);
        }
        assertThatThrownBy(() -> GgufTokenizer.of(file(metadata)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }

    private static Map<String, Object> sentencePiece() {
        JsonNode golden = TokenizerFixtures.golden("spm");
        List<String> tokens = new ArrayList<>();
        golden.get("tokens").forEach(token -> tokens.add(token.asText()));
        List<Float> scores = new ArrayList<>();
        golden.get("scores").forEach(score -> scores.add(score.floatValue()));
        List<Long> types = new ArrayList<>();
        golden.get("token_type").forEach(type -> types.add(type.asLong()));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.pre", "default");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.unknown_token_id", 0L);
        metadata.put("tokenizer.ggml.bos_token_id", 1L);
        metadata.put("tokenizer.ggml.eos_token_id", 2L);
        return metadata;
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
