package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HfConfigTest {
    /** The sizes that every config.json states. */
    private static final String SIZES = """
            "vocab_size": 320, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4,
            "num_attention_heads": 8, "num_key_value_heads": 2""";

    @TempDir
    Path directory;

    @Test
    void llama31IsReadInItsPublishedSpelling() throws IOException {
        ModelConfig config = read("llama", """
                , "attention_bias": false, "bos_token_id": 1, "eos_token_id": [3, 5], "hidden_act": "silu",
                "max_position_embeddings": 131072, "mlp_bias": false, "rms_norm_eps": 1e-05,
                "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                  "original_max_position_embeddings": 8192, "rope_type": "llama3"},
                "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16"
                """);
        assertThat(config)
                .isEqualTo(new ModelConfig(
                        Architecture.LLAMA,
                        4,
                        64,
                        8,
                        2,
                        8,
                        96,
                        320,
                        131072,
                        1e-5,
                        500_000,
                        new RopeScaling.Llama3(8, 1, 4, 8192),
                        false,
                        false,
                        false,
                        false,
                        false,
                        List.of(0, 0, 0, 0),
                        "bfloat16",
                        List.of(3, 5)));
    }

    @Test
    void qwen3IsReadInTransformers5Spelling() throws IOException {
        ModelConfig config = read("qwen3", """
                , "head_dim": 16, "attention_bias": false, "dtype": "float16", "eos_token_id": 7,
                "layer_types": ["full_attention", "full_attention", "full_attention", "full_attention"],
                "max_position_embeddings": 40960, "max_window_layers": 4, "rms_norm_eps": 1e-06,
                "rope_parameters": {"rope_theta": 1000000, "rope_type": "default"},
                "sliding_window": null, "tie_word_embeddings": true, "use_sliding_window": false
                """);
        assertThat(config)
                .isEqualTo(new ModelConfig(
                        Architecture.QWEN3,
                        4,
                        64,
                        8,
                        2,
                        16,
                        96,
                        320,
                        40960,
                        1e-6,
                        1_000_000,
                        new RopeScaling.None(),
                        false,
                        false,
                        false,
                        true,
                        true,
                        List.of(0, 0, 0, 0),
                        "float16",
                        List.of(7)));
    }

    @Test
    void whatConfigJsonLeavesOutIsAsInTransformersClasses() throws IOException {
        String noKeys = SIZES.replace(", \"num_key_value_heads\": 2", "")
                .replace("\"num_attention_heads\": 8", "\"num_attention_heads\": 32");
        ModelConfig llama = readAll("llama", noKeys);
        assertThat(llama.context()).isEqualTo(2048);
        assertThat(llama.rmsNormEps()).isEqualTo(1e-6);
        assertThat(llama.ropeTheta()).isEqualTo(10_000);
        assertThat(llama.kvHeads()).isEqualTo(32);
        assertThat(llama.headDim()).isEqualTo(2);
        assertThat(llama.tiedEmbeddings()).isFalse();
        assertThat(llama.storedDtype()).isNull();
        assertThat(llama.eosTokenIds()).isEmpty();

        ModelConfig mistral = readAll("mistral", noKeys);
        assertThat(mistral.context()).isEqualTo(131_072);
        assertThat(mistral.kvHeads()).isEqualTo(8);
        assertThat(mistral.slidingWindows()).containsExactly(4096, 4096, 4096, 4096);

        ModelConfig qwen2 = readAll("qwen2", noKeys);
        assertThat(qwen2.context()).isEqualTo(32_768);
        assertThat(qwen2.kvHeads()).isEqualTo(32);
        assertThat(qwen2.slidingWindows()).containsExactly(0, 0, 0, 0);

        assertThat(readAll("qwen3", noKeys).headDim()).isEqualTo(128);
        assertThat(readAll("mistral", noKeys + ", \"num_key_value_heads\": null")
                        .kvHeads())
                .isEqualTo(32);
    }

    @Test
    void biasesAndNormsFollowTheArchitecture() throws IOException {
        String biased = ", \"attention_bias\": true, \"mlp_bias\": true, \"head_dim\": 8";
        ModelConfig llama = read("llama", biased);
        assertThat(List.of(llama.qkvBias(), llama.outputBias(), llama.mlpBias(), llama.qkNorm()))
                .containsExactly(true, true, true, false);
        ModelConfig qwen2 = read("qwen2", "");
        assertThat(List.of(qwen2.qkvBias(), qwen2.outputBias(), qwen2.mlpBias(), qwen2.qkNorm()))
                .containsExactly(true, false, false, false);
        ModelConfig qwen3 = read("qwen3", biased);
        assertThat(List.of(qwen3.qkvBias(), qwen3.outputBias(), qwen3.mlpBias(), qwen3.qkNorm()))
                .containsExactly(true, true, false, true);
        ModelConfig mistral = read("mistral", biased);
        assertThat(List.of(mistral.qkvBias(), mistral.outputBias(), mistral.mlpBias(), mistral.qkNorm()))
                .containsExactly(false, false, false, false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "rope_theta": 5e5, "rope_scaling": {"type": "linear", "factor": 2}                          | 500000
            "rope_theta": 5e5, "rope_scaling": {"rope_type": "linear", "factor": 2.0}                   | 500000
            "rope_parameters": {"rope_theta": 5e5, "rope_type": "linear", "factor": 2}                  | 500000
            "rope_theta": 1, "rope_parameters": {"rope_theta": 5e5, "rope_type": "linear", "factor": 2} | 500000
            "rope_scaling": {"rope_type": "linear", "factor": 2}, "rope_parameters": {"rope_theta": 5e5} | 10000
            """)
    void linearScalingIsReadInEverySpelling(String rope, double theta) throws IOException {
        ModelConfig config = read("llama", ", " + rope);
        assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.Linear(2));
        assertThat(config.ropeTheta()).isEqualTo(theta);
    }

    @Test
    void llama3ScalingTakesTheOriginalContextFromWhereItIs() throws IOException {
        String scaling = "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1,"
                + " \"high_freq_factor\": 4%s}, \"max_position_embeddings\": 1024%s";
        assertThat(read("llama", ", " + scaling.formatted("", "")).ropeScaling())
                .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 1024));
        String inside = ", \"original_max_position_embeddings\": 512";
        assertThat(read("llama", ", " + scaling.formatted(inside, "")).ropeScaling())
                .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 512));
        String outside = ", \"original_max_position_embeddings\": 256";
        assertThat(read("llama", ", " + scaling.formatted(inside, outside)).ropeScaling())
                .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 256));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "max_position_embeddings": 2048, "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 512} | 2048
            "max_position_embeddings": 512, "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 512}  | 2048
            "max_position_embeddings": 512, "rope_scaling": {"type": "yarn", "factor": 2.5}                                         | 1280
            "max_position_embeddings": 640, "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 512}  | 2048
            "max_position_embeddings": 2048, "rope_scaling": {"type": "yarn", "factor": null, "original_max_position_embeddings": 512} | 2048
            "max_position_embeddings": 512, "rope_scaling": {"type": "dynamic", "factor": 4}                                        | 2048
            "max_position_embeddings": 512, "rope_scaling": {"type": "linear", "factor": 4}                                         | 512
            """)
    void yarnAndDynamicScalingHaveTheScaledContext(String rope, int context) throws IOException {
        assertThat(read("llama", ", " + rope).context()).isEqualTo(context);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            qwen2   | "use_sliding_window": true, "sliding_window": 5, "max_window_layers": 2 | 0,0,5,5
            qwen2   | "use_sliding_window": true, "sliding_window": 5                         | 0,0,0,0
            qwen3   | "use_sliding_window": true, "max_window_layers": 0                      | 4096,4096,4096,4096
            qwen3   | "use_sliding_window": false, "sliding_window": 5, "max_window_layers": 0 | 0,0,0,0
            qwen3   | "use_sliding_window": true, "sliding_window": null, "max_window_layers": 0 | 0,0,0,0
            qwen2   | "use_sliding_window": true, "sliding_window": 5, "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"] | 5,0,5,0
            mistral | "sliding_window": 7                                                     | 7,7,7,7
            mistral | "sliding_window": null                                                  | 0,0,0,0
            llama   | "sliding_window": 7                                                     | 0,0,0,0
            """)
    void slidingWindowsAreThoseOfTransformers(String type, String settings, String windows) throws IOException {
        assertThat(read(type, ", " + settings).slidingWindows().toString().replaceAll("[\\[\\] ]", ""))
                .isEqualTo(windows);
    }

    @Test
    void stopIdsOfBothFilesAreJoined() throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [9, 3, 4]}");
        assertThat(read("llama", ", \"eos_token_id\": 3").eosTokenIds()).containsExactly(3, 9, 4);
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 9}");
        assertThat(read("llama", "").eosTokenIds()).containsExactly(9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hidden_act": "gelu"                                  | hidden_act gelu, expected silu
            "rope_scaling": {"type": "longrope", "factor": 4}     | rotary scaling "longrope", expected default, linear, dynamic, llama3 or yarn
            "rope_parameters": {"rope_type": "dynamic"}           | nothing for factor, expected a number
            "rope_scaling": {"type": "dynamic", "factor": -1}     | -1 for rotary scaling factor, expected a positive number
            "rope_scaling": {"type": "dynamic", "factor": 4}, "head_dim": 2 | a head size of 2, expected at least 4 with dynamic
            "rope_scaling": {"type": "yarn"}                      | nothing for factor, expected a number
            "rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": -1} | -1 for attention_factor, expected a positive number
            "rope_scaling": {"type": "yarn", "factor": 4, "beta_fast": 1, "beta_slow": 2} | a beta_fast of 1.0, expected at least beta_slow 2.0
            "rope_scaling": {"type": "yarn", "factor": 4, "truncate": 1} | 1 for truncate, expected true or false
            "rope_scaling": {"type": "yarn", "factor": 4}, "rope_theta": 1 | a rotary base of 1, expected another value with yarn
            "rope_scaling": {"type": "linear"}                    | nothing for factor, expected a number
            "rope_scaling": {"type": "linear", "factor": 0}       | 0 for rotary scaling factor, expected a positive number
            "rope_scaling": {"type": "linear", "factor": 1e-300}  | 1.0E-300 for rotary scaling factor, expected a positive number from 1.0E-12
            "rope_scaling": {"type": "dynamic", "factor": 1e308}  | 1.0E308 for rotary scaling factor, expected a positive number from 1.0E-12 to 1.0E15
            "rope_scaling": {"type": "yarn", "factor": 1e-300}    | 1.0E-300 for rotary scaling factor, expected a positive number
            "rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": 1e300} | 1.0E300 for attention_factor, expected a positive number
            "rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": -1e300} | -1.0E300 for attention_factor, expected a positive number
            "rope_theta": 1e-300                                  | 1.0E-300 for rotary base, expected a positive number
            "rms_norm_eps": 1e300                                 | 1.0E300 for RMSNorm epsilon, expected a positive number
            "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4} | a high_freq_factor of 4.0, expected more than low_freq_factor 4.0
            "rope_scaling": "linear"                              | "linear" for rope_scaling, expected an object
            "rope_parameters": {"full_attention": {}}             | rotary settings for each layer type
            "partial_rotary_factor": 0.5                          | partial_rotary_factor 0.5, expected 1.0
            "quantization_config": {"bits": 4}                    | a quantization_config, expected weights in F32, F16 or BF16
            "dtype": "float64"                                    | dtype float64, expected float32, float16 or bfloat16
            "num_key_value_heads": 3                              | Duplicate field 'num_key_value_heads'
            "head_dim": 7                                         | a head size of 7, expected an even number
            "head_dim": -8                                        | -8 for head size, expected a positive number
            "rms_norm_eps": 0                                     | 0 for RMSNorm epsilon
            "rope_theta": "1e4"                                   | "1e4" for rope_theta, expected a number
            "max_position_embeddings": 2.5                        | 2.5 for max_position_embeddings, expected an integer of 32 bits
            "max_position_embeddings": 99999999999                | 99999999999 for max_position_embeddings, expected an integer of 32 bits
            "tie_word_embeddings": "yes"                          | "yes" for tie_word_embeddings, expected true or false
            "eos_token_id": 320                                   | stop id 320, expected 0 to 319
            "eos_token_id": ["a"]                                 | "a" for eos_token_id, expected an integer
            """)
    void unsupportedOrWrongSettingsAreRefusedByName(String setting, String message) {
        refuses(() -> read("llama", ", " + setting), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mistral | "sliding_window": 0                            | sliding_window 0, expected a positive number of keys
            qwen2   | "layer_types": ["full_attention"]              | 1 layer_types for 4 layers
            qwen2   | "layer_types": ["full_attention", "full_attention", "full_attention", "linear_attention"] | layer type "linear_attention"
            qwen2   | "layer_types": ["full_attention", "full_attention", "full_attention", "sliding_attention"] | layers of type sliding_attention without a window
            qwen2   | "layer_types": "full_attention"                | expected a list of strings
            """)
    void windowsThatDoNotHoldAreRefused(String type, String setting, String message) {
        refuses(() -> read(type, ", " + setting), message);
    }

    @Test
    void headsThatDoNotShareKeysEvenlyAreRefused() {
        refuses(
                () -> readAll("llama", SIZES.replace("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3")),
                "8 attention heads and 3 key/value heads, expected a multiple of the latter");
    }

    @ParameterizedTest
    @CsvSource({"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"})
    void aSizeThatIsMissingOrNotPositiveIsNamed(String key) {
        refuses(() -> readAll("llama", SIZES.replace(key, "another")), "has no " + key + ", expected an integer");
        refuses(() -> readAll("llama", SIZES.replaceAll("(" + key + "\": )\\d+", "$1-4")), "-4");
    }

    @Test
    void layersWithoutEndAreRefused() {
        refuses(
                () -> readAll("qwen2", SIZES.replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 2000000000")),
                "2000000000 layers, expected 1 to 10000");
    }

    @Test
    void anUnknownArchitectureIsRefusedWithThoseThatAreRead() {
        refuses(() -> read("gemma3", ""), "model_type \"gemma3\", expected one of llama, qwen2, qwen3, mistral");
    }

    @Test
    void aMissingConfigIsRefused() {
        refuses(() -> HfConfig.read(directory), "config.json cannot be read: there is no such file");
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void whatIsWrittenReadsBackTheSame(Architecture architecture) throws IOException {
        ModelConfig config = TinyModels.config(architecture);
        Files.writeString(directory.resolve("config.json"), HfConfigWriter.toJson(config));
        assertThat(HfConfig.read(directory)).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            llama   | "attention_bias": true, "mlp_bias": true, "eos_token_id": [1, 2], "dtype": "bfloat16", "tie_word_embeddings": true
            llama   | "rope_theta": 5e5, "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 512}
            llama   | "rope_scaling": {"rope_type": "linear", "factor": 2.5}, "head_dim": 24
            llama   | "rope_scaling": {"rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 512}
            llama   | "rope_scaling": {"type": "yarn", "factor": 3.5, "mscale": 2, "mscale_all_dim": 0.5, "beta_fast": 8, "truncate": false}
            qwen2   | "rope_scaling": {"rope_type": "dynamic", "factor": 2.5}
            mistral | "sliding_window": 7
            qwen2   | "use_sliding_window": true, "sliding_window": 5, "max_window_layers": 2
            qwen3   | "attention_bias": true
            """)
    void settingsReadBackTheSame(String type, String settings) throws IOException {
        ModelConfig config = read(type, ", " + settings);
        Files.writeString(directory.resolve("config.json"), HfConfigWriter.toJson(config));
        assertThat(HfConfig.read(directory)).isEqualTo(config);
    }

    private ModelConfig read(String type, String more) throws IOException {
        return readAll(type, SIZES + more);
    }

    private ModelConfig readAll(String type, String fields) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"" + type + "\", " + fields + "}");
        return HfConfig.read(directory);
    }

    private static void refuses(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading)
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }
}
