package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.Upbeat;
import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.gguf.GgufFile;
import dev.upbeat.gguf.GgufHeader;
import dev.upbeat.gguf.GgufType;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GgufCheckpointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"LLAMA", "QWEN2", "QWEN3"})
    void namesRowsAndConfigurationEqualTheHuggingFaceModel(Architecture architecture) {
        ModelConfig expected = TinyModels.config(architecture);
        Map<String, float[]> weights = TinyModels.weights(expected, 1);
        GgufBuilder file = TinyModels.gguf(HfConfig.modelType(architecture), expected, weights)
                .uint32("general.file_type", 0)
                .uint32("tokenizer.ggml.eos_token_id", 2);
        try (Checkpoint checkpoint = Checkpoint.open(file.write(directory))) {
            assertThat(checkpoint.config()).isEqualTo(expected);
            assertThat(checkpoint.weights().names()).isEqualTo(weights.keySet());
            weights.forEach((name, values) -> {
                assertThat(TinyModels.read(checkpoint.weights(), name, Dtype.F32))
                        .as(name)
                        .containsExactly(values);
                assertThat(checkpoint.weights().shape(name))
                        .isEqualTo(WeightShapes.of(expected).get(name));
            });
        }
    }

    @Test
    void rotaryHalvesOfQuantisedRowsGoBackWhole() {
        int heads = 2;
        byte[] rows = new byte[8 * 34];
        new Random(3).nextBytes(rows);
        for (int row = 0; row < 8; row++) {
            rows[34 * row] = 0; // a scale of 1.0: the weights are the bytes
            rows[34 * row + 1] = 0x3c;
        }
        Path path =
                new GgufBuilder().tensor("w", GgufType.Q8_0.id(), rows, 8, 32).write(directory);
        try (GgufFile file = GgufFile.open(path);
                PointerScope scope = new PointerScope()) {
            GgufHeader.Info info = file.header().tensors().values().iterator().next();
            float[] read = TinyModels.floats(file.readRotaryHalves(info, Dtype.F32, heads));
            int[] storedRow = {0, 2, 1, 3, 4, 6, 5, 7}; // of Hugging Face's row i
            for (int i = 0; i < 8; i++) {
                for (int column = 0; column < 32; column++) {
                    assertThat(read[32 * i + column]).isEqualTo(rows[34 * storedRow[i] + 2 + column]);
                }
            }
        }
    }

    @Test
    void aTensorInItsStoredDtypeIsAView() {
        try (Checkpoint checkpoint = Checkpoint.open(llama().write(directory));
                PointerScope scope = new PointerScope()) {
            String name = "model.layers.0.mlp.up_proj.weight";
            assertThat(checkpoint.weights().read(name, Dtype.F32).data_ptr().address())
                    .isEqualTo(checkpoint
                            .weights()
                            .read(name, Dtype.F32)
                            .data_ptr()
                            .address());
        }
    }

    @Test
    void aLlamaWithASlidingWindowIsAMistral() {
        Path path = llama().uint32("llama.attention.sliding_window", 6).write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.config().architecture()).isEqualTo(Architecture.MISTRAL);
            assertThat(checkpoint.config().slidingWindows()).containsExactly(6, 6);
        }
    }

    @Test
    void withoutAHeadTheEmbeddingIsTied() {
        ModelConfig tied = TinyModels.config(Architecture.LLAMA, true);
        Path path = TinyModels.gguf("llama", tied, TinyModels.weights(tied, 1)).write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.config().tiedEmbeddings()).isTrue();
            assertThat(checkpoint.weights().names()).doesNotContain("lm_head.weight");
        }
    }

    @Test
    void bothStopIdsAreTaken() {
        Path path = llama().uint32("tokenizer.ggml.eos_token_id", 3)
                .uint32("tokenizer.ggml.eot_token_id", 5)
                .write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.config().eosTokenIds()).containsExactly(3, 5);
            assertThat(checkpoint.config().storedDtype()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"linear, rope.scaling.factor, 4", "'', rope.scaling.factor, 4", "'', rope.scale_linear, 4"})
    void linearScalingIsReadUnderEachOfItsNames(String type, String key, float factor) {
        GgufBuilder file = llama().float32("llama." + key, factor);
        Path path = (type.isEmpty() ? file : file.string("llama.rope.scaling.type", type)).write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.config().ropeScaling()).isEqualTo(new RopeScaling.Linear(factor));
        }
    }

    @Test
    void unknownScalingTypesAreRefusedByName() {
        GgufBuilder none = llama().string("llama.rope.scaling.type", "none").float32("llama.rope.scaling.factor", 4);
        try (Checkpoint checkpoint = Checkpoint.open(none.write(directory))) {
            assertThat(checkpoint.config().ropeScaling()).isEqualTo(new RopeScaling.None());
        }
        refuses(
                llama().string("llama.rope.scaling.type", "longrope"),
                "llama.rope.scaling.type longrope, expected none, linear or yarn");
        refuses(
                llama().string("llama.rope.scaling.type", "yarn").float32("llama.rope.scaling.yarn_ext_factor", 0.5f),
                "llama.rope.scaling.yarn_ext_factor 0.5");
        refuses(llama().float32("llama.rope.scaling.factor", -2), "-2 for rotary scaling factor, expected a positive");
    }

    @Test
    void yarnScalingIsReadWithLlamaCppsDefaults() {
        GgufBuilder plain = llama().string("llama.rope.scaling.type", "yarn").float32("llama.rope.scaling.factor", 4);
        int context = TinyModels.config(Architecture.LLAMA).context();
        try (Checkpoint checkpoint = Checkpoint.open(plain.write(directory))) {
            double factor = 1 + 0.1 * Math.log(4);
            assertThat(checkpoint.config().ropeScaling())
                    .isEqualTo(new RopeScaling.Yarn(4, factor, 32, 1, true, context));
            assertThat(checkpoint.config().context()).isEqualTo(4 * context);
        }
    }

    @Test
    void yarnScalingIsReadWithEveryOption() {
        GgufBuilder file = llama().string("llama.rope.scaling.type", "yarn")
                .float32("llama.rope.scaling.factor", 8)
                .uint32("llama.rope.scaling.original_context_length", 64)
                .float32("llama.rope.scaling.attn_factor", 0.5f)
                .float32("llama.rope.scaling.yarn_attn_factor", 3)
                .float32("llama.rope.scaling.yarn_log_multiplier", 0.25f)
                .float32("llama.rope.scaling.yarn_ext_factor", 1)
                .float32("llama.rope.scaling.yarn_beta_fast", 16)
                .float32("llama.rope.scaling.yarn_beta_slow", 2);
        double factor = (1 + 0.1 * Math.log(8)) / (1 + 0.025 * Math.log(8)) * 1.5;
        try (Checkpoint checkpoint = Checkpoint.open(file.write(directory))) {
            assertThat(checkpoint.config().ropeScaling()).isInstanceOfSatisfying(RopeScaling.Yarn.class, yarn -> {
                assertThat(yarn.attentionFactor()).isCloseTo(factor, within(1e-12));
                assertThat(yarn).isEqualTo(new RopeScaling.Yarn(8, yarn.attentionFactor(), 16, 2, true, 64));
            });
        }
    }

    @Test
    void rotaryFactorsBelongToTheConfiguration() {
        // Wavelengths of 2 pi and 2 pi * 100: both short, not scaled.
        try (Checkpoint checkpoint = Checkpoint.open(
                llama().floats("rope_freqs.weight", new float[] {1, 1}, 2).write(directory))) {
            assertThat(checkpoint.config().ropeScaling()).isEqualTo(new RopeScaling.None());
            assertThat(checkpoint.weights().names()).doesNotContain("rope_freqs.weight");
        }
        refuses(
                llama().floats("rope_freqs.weight", new float[] {1, 8}, 2),
                "has 8.0 at 1 of rope_freqs.weight, expected 1.0 from Llama 3's scaling");
        refuses(
                llama().floats("rope_freqs.weight", new float[] {1, 1}, 2).float32("llama.rope.scaling.factor", 2),
                "has both rotary scaling in llama.rope.scaling.* (Linear[factor=2.0]) and rope_freqs.weight");
    }

    @Test
    void aFileMayHoldAModelAlone() throws IOException {
        for (GgufBuilder file : List.of(llama(), llama().string("tokenizer.ggml.model", "none"))) {
            try (Checkpoint checkpoint = Checkpoint.open(file.write(directory))) {
                assertThat(checkpoint.tokenizer()).isNull();
                assertThat(checkpoint.companions()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"t5, default, tokenizer.ggml.model t5", "gpt2, jina, tokenizer.ggml.pre jina"})
    void idsNeedNoReadableTokenizer(String model, String pre, String message) throws IOException {
        Path path = llama().string("tokenizer.ggml.model", model)
                .string("tokenizer.ggml.pre", pre)
                .strings("tokenizer.ggml.tokens", List.of("a"))
                .string("tokenizer.chat_template", "{% import 'macros' as m %}")
                .write(directory);
        try (Upbeat opened = Upbeat.load(path.toString())) {
            Trace trace = new Trace("a", new int[] {1}, new int[] {2, 3}, null, 1, null);
            assertThat(opened.watch(List.of(trace)).observations()).hasSize(1);
            assertThatThrownBy(opened::tokenizer)
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(path.toString(), message, "give the Hugging Face folder");
        }
    }

    @Test
    void aWrongNumberOfRotaryFactorsIsRefusedUnread() {
        refuses(
                llama().floats("rope_freqs.weight", new float[3], 3),
                "has 3 values in rope_freqs.weight, expected 2 for heads of 4");
        refuses(llama().floats("rope_freqs.weight", new float[32], (1L << 62) + 32), "more than 2^63 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            llama.expert_count           | 8  | a mixture of 8 experts, expected a dense model
            split.count                  | 3  | part 1 of 3 of a split GGUF file, expected a name that ends in -00001-of-00003.gguf
            llama.attention.value_length | 6  | llama.attention.value_length 6 with heads of 4
            llama.rope.dimension_count   | 2  | llama.rope.dimension_count 2 with heads of 4
            tokenizer.ggml.eos_token_id  | 16 | stop id 16, expected 0 to 15
            """)
    void unsupportedOrWrongMetadataIsRefused(String key, int value, String message) {
        refuses(llama().uint32(key, value), message);
    }

    @Test
    void anUnknownArchitectureIsRefusedWithThoseThatAreRead() {
        refuses(
                new GgufBuilder().string("general.architecture", "gemma3"),
                "a model of architecture gemma3, expected llama (Mistral included), qwen2 or qwen3");
    }

    @Test
    void aFileWithoutAnArchitectureOrAnEmbeddingIsRefused() {
        refuses(new GgufBuilder(), "no value for general.architecture");
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        Map<String, float[]> weights = TinyModels.weights(config, 1);
        refuses(
                TinyModels.gguf("llama", config, weights, Set.of("model.embed_tokens.weight")),
                "no matrix token_embd.weight");
    }

    @Test
    void aMissingTensorIsNamed() {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        refuses(
                TinyModels.gguf(
                        "llama", config, TinyModels.weights(config, 1), Set.of("model.layers.1.mlp.down_proj.weight")),
                "has no tensor model.layers.1.mlp.down_proj.weight, expected with shape [8, 12]");
    }

    @Test
    void aTensorWithoutAPlaceIsNamed() {
        refuses(
                llama().floats("blk.0.ffn_gate_inp.weight", new float[8], 1, 8),
                "has tensor blk.0.ffn_gate_inp.weight, which this architecture does not have");
    }

    @Test
    void layersWithoutEndAreRefused() {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        GgufBuilder file = new GgufBuilder()
                .string("general.architecture", "llama")
                .uint32("llama.block_count", Integer.MAX_VALUE)
                .uint32("llama.context_length", 8)
                .uint32("llama.embedding_length", 8)
                .uint32("llama.feed_forward_length", 8)
                .uint32("llama.attention.head_count", 2)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .floats("token_embd.weight", new float[config.vocabulary() * 8], config.vocabulary(), 8);
        refuses(file, "2147483647 layers, expected 1 to 10000");
    }

    private static GgufBuilder llama() {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        return TinyModels.gguf("llama", config, TinyModels.weights(config, 1));
    }

    private void refuses(GgufBuilder file, String message) {
        Path path = file.write(directory);
        assertThatThrownBy(() -> Checkpoint.open(path))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }
}
