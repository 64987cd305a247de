package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.TokenizerFixtures;
import dev.upbeat.trace.StopToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTokensTest {
    private static final int CONTROL = 3;
    private static final int NORMAL = 1;
    private static final int USER_DEFINED = 4;

    @TempDir
    Path directory;

    @Test
    void theTokenizersEndOfTextJoinsTheConfigurations() throws IOException {
        model("{\"eos_token\": \"<|start|>\"}", "{\"eos_token_id\": [2, 7]}");
        assertThat(stops())
                .containsExactly(
                        new StopToken(
                                2,
                                "<|end|>",
                                List.of("config.json eos_token_id", "generation_config.json eos_token_id")),
                        new StopToken(
                                7,
                                TokenizerFixtures.tokenizer("smollm").piece(7),
                                List.of("generation_config.json eos_token_id")),
                        new StopToken(1, "<|start|>", List.of("tokenizer_config.json eos_token")));
    }

    @Test
    void oneTokenNamedByAllFilesIsListedOnce() throws IOException {
        model("{\"eos_token\": {\"__type\": \"AddedToken\", \"content\": \"<|end|>\"}}", "{\"eos_token_id\": 2}");
        assertThat(stops())
                .containsExactly(new StopToken(
                        2,
                        "<|end|>",
                        List.of(
                                "config.json eos_token_id",
                                "generation_config.json eos_token_id",
                                "tokenizer_config.json eos_token")));
    }

    @Test
    void specialTokensMapNamesTheEndWithoutADecoder() throws IOException {
        model("{}", null);
        Files.writeString(directory.resolve("special_tokens_map.json"), "{\"eos_token\": \"<|begin|>\"}");
        assertThat(stops()).extracting(StopToken::id).containsExactly(2, 0);
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"added_tokens_decoder\": {}}");
        assertThat(stops()).extracting(StopToken::id).containsExactly(2);
    }

    @Test
    void anEndThatTheModelCannotWriteIsNoStop() throws IOException {
        for (String eos : List.of("\"<think>\"", "\"nowhere\"", "null", "\"\"")) { // <think> is 400, V is 16
            model("{\"added_tokens_decoder\": {}, \"eos_token\": " + eos + "}", null);
            assertThat(stops()).as(eos).extracting(StopToken::id).containsExactly(2);
        }
    }

    @Test
    void withoutATokenizerTheConfigurationCounts() throws IOException {
        model("{\"eos_token\": \"<|start|>\"}", null);
        Files.delete(directory.resolve("tokenizer.json"));
        assertThat(stops()).containsExactly(new StopToken(2, null, List.of("config.json eos_token_id")));
    }

    @Test
    void aGgufFileStopsAtEveryEndOfTurn() {
        List<String> tokens = List.of(
                "<|endoftext|>",
                "<|im_start|>",
                "<|im_end|>",
                "<|eom_id|>",
                "<end_of_turn>",
                "<|eot_id|>",
                "</s>",
                "h");
        int[] types = {CONTROL, CONTROL, CONTROL, CONTROL, NORMAL, USER_DEFINED, CONTROL, NORMAL};
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        GgufBuilder file = TinyModels.gguf("llama", config, TinyModels.weights(config, 1))
                .uint32("tokenizer.ggml.eos_token_id", 7)
                .uint32("tokenizer.ggml.eom_token_id", 3)
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", types);
        try (Checkpoint checkpoint = Checkpoint.open(file.write(directory))) {
            assertThat(checkpoint.config().eosTokenIds()).containsExactly(7, 3, 0, 2, 6);
            Map<Integer, List<String>> from = new TreeMap<>();
            checkpoint.stopTokens(null).forEach(stop -> from.put(stop.id(), stop.from()));
            assertThat(from.get(3))
                    .containsExactly("tokenizer.ggml.eom_token_id", "control token of tokenizer.ggml.tokens");
            assertThat(from.get(2)).containsExactly("control token of tokenizer.ggml.tokens");
        }
    }

    /** Config with eos 2, vocabulary 16; the tokenizer is larger. */
    private void model(String tokenizerConfig, @Nullable String generationConfig) throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        TinyModels.huggingFace(directory, config, TinyModels.weights(config, 1), Dtype.F32);
        Files.writeString(
                directory.resolve("tokenizer.json"),
                TokenizerFixtures.document("smollm").toString());
        Files.writeString(directory.resolve("tokenizer_config.json"), tokenizerConfig);
        if (generationConfig != null) {
            Files.writeString(directory.resolve("generation_config.json"), generationConfig);
        }
    }

    private List<StopToken> stops() {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            HfTokenizer tokenizer = checkpoint.tokenizer();
            try {
                return checkpoint.stopTokens(tokenizer);
            } finally {
                if (tokenizer != null) {
                    tokenizer.close();
                }
            }
        }
    }
}
