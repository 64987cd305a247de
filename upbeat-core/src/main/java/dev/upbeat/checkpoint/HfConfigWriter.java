package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes config.json from a decoder's shape, readable by transformers 4 and 5 (rotary settings in the older spelling, which
 * both read).
 */
public final class HfConfigWriter {
    private static final String TIED = "tie_word_embeddings";

    private final ModelConfig config;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    private HfConfigWriter(ModelConfig config) {
        this.config = config;
    }

    /**
     * The text of a config.json.
     *
     * @throws IllegalArgumentException if the architecture's config.json cannot express the shape
     */
    public static String toJson(ModelConfig config) {
        return new HfConfigWriter(config).json();
    }

    /**
     * A config.json that names another dtype of the weights, in the spelling that it has ({@code dtype} of transformers 5 or
     * {@code torch_dtype}).
     *
     * @param config config.json, UTF-8; returned as it is if it names the dtype already
     * @param dtype "float32", "float16" or "bfloat16"
     */
    public static byte[] withDtype(byte[] config, String dtype) throws IOException {
        ObjectNode json = StrictJson.parse(config, HfConfig.FILE, Path.of(HfConfig.FILE));
        List<String> keys =
                HfConfig.DTYPE_KEYS.stream().filter(json::hasNonNull).toList();
        if (keys.isEmpty()) {
            json.put(HfConfig.TORCH_DTYPE, dtype);
        } else if (keys.stream().allMatch(key -> json.get(key).asText().equals(dtype))) {
            return config;
        }
        keys.forEach(key -> json.put(key, dtype));
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A config.json of the same model with a head of its own. */
    static byte[] untied(byte[] config) {
        ObjectNode json = StrictJson.parse(config, HfConfig.FILE, Path.of(HfConfig.FILE));
        json.put(TIED, false);
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String json() {
        json.putArray("architectures").add(className(config.architecture()));
        json.put("model_type", HfConfig.modelType(config.architecture()));
        json.put("vocab_size", config.vocabulary());
        json.put("hidden_size", config.hidden());
        json.put("intermediate_size", config.mlp());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.kvHeads());
        json.put("head_dim", config.headDim());
        json.put("hidden_act", "silu");
        json.put(
                "max_position_embeddings",
                config.ropeScaling() instanceof RopeScaling.Dynamic dynamic
                        ? dynamic.originalContext()
                        : config.context());
        json.put("rms_norm_eps", config.rmsNormEps());
        json.put(TIED, config.tiedEmbeddings());
        putRope();
        putBiases();
        putWindows();
        putStopIds();
        if (config.storedDtype() != null) {
            json.put(HfConfig.TORCH_DTYPE, config.storedDtype());
        }
        return json.toPrettyString() + "\n";
    }

    private static String className(Architecture architecture) {
        return switch (architecture) {
            case LLAMA -> "LlamaForCausalLM";
            case QWEN2 -> "Qwen2ForCausalLM";
            case QWEN3 -> "Qwen3ForCausalLM";
            case MISTRAL -> "MistralForCausalLM";
        };
    }

    private void putRope() {
        json.put("rope_theta", config.ropeTheta());
        if (config.ropeScaling() instanceof RopeScaling.Linear linear) {
            json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
        } else if (config.ropeScaling() instanceof RopeScaling.Llama3 llama3) {
            json.putObject("rope_scaling")
                    .put("rope_type", "llama3")
                    .put("factor", llama3.factor())
                    .put("low_freq_factor", llama3.lowFreqFactor())
                    .put("high_freq_factor", llama3.highFreqFactor())
                    .put("original_max_position_embeddings", llama3.originalContext());
        } else if (config.ropeScaling() instanceof RopeScaling.Yarn yarn) {
            json.putObject("rope_scaling")
                    .put("rope_type", "yarn")
                    .put("factor", yarn.factor())
                    .put("attention_factor", yarn.attentionFactor())
                    .put("beta_fast", yarn.betaFast())
                    .put("beta_slow", yarn.betaSlow())
                    .put("truncate", yarn.truncate())
                    .put("original_max_position_embeddings", yarn.originalContext());
        } else if (config.ropeScaling() instanceof RopeScaling.Dynamic dynamic) {
            json.putObject("rope_scaling").put("rope_type", "dynamic").put("factor", dynamic.factor());
        }
    }

    private void putBiases() {
        boolean expectedQkv = config.qkvBias();
        boolean expectedOutput = config.outputBias();
        switch (config.architecture()) {
            case LLAMA -> {
                expectedOutput = config.qkvBias();
                json.put("attention_bias", config.qkvBias()).put("mlp_bias", config.mlpBias());
            }
            case QWEN3 -> {
                expectedOutput = config.qkvBias();
                json.put("attention_bias", config.qkvBias());
            }
            case QWEN2 -> {
                expectedQkv = true;
                expectedOutput = false;
            }
            case MISTRAL -> {
                expectedQkv = false;
                expectedOutput = false;
            }
        }
        require(config.qkvBias() == expectedQkv && config.outputBias() == expectedOutput, "these attention biases");
        require(!config.mlpBias() || config.architecture() == Architecture.LLAMA, "MLP biases");
        require(config.qkNorm() == (config.architecture() == Architecture.QWEN3), "these q and k norms");
    }

    private void putWindows() {
        Set<Integer> windows = new LinkedHashSet<>(config.slidingWindows());
        windows.remove(0);
        require(windows.size() <= 1, "sliding windows of different sizes");
        Integer window = windows.isEmpty() ? null : windows.iterator().next();
        switch (config.architecture()) {
            case LLAMA -> require(window == null, "a sliding window");
            case MISTRAL -> {
                require(window == null || !config.slidingWindows().contains(0), "a sliding window in some layers only");
                json.put("sliding_window", window);
            }
            case QWEN2, QWEN3 -> {
                json.put("use_sliding_window", window != null).put("sliding_window", window);
                ArrayNode types = json.putArray("layer_types");
                config.slidingWindows().forEach(size -> types.add(size == 0 ? "full_attention" : "sliding_attention"));
            }
        }
    }

    private void putStopIds() {
        List<Integer> ids = config.eosTokenIds();
        if (ids.isEmpty()) {
            json.putNull("eos_token_id"); // written even if empty: transformers' classes have default stop ids
        } else if (ids.size() == 1) {
            json.put("eos_token_id", ids.get(0));
        } else {
            ids.forEach(json.putArray("eos_token_id")::add);
        }
        json.putNull("bos_token_id");
    }

    private void require(boolean expressible, String what) {
        if (!expressible) {
            throw new IllegalArgumentException(
                    "config.json of a " + HfConfig.modelType(config.architecture()) + " model cannot express " + what);
        }
    }
}
