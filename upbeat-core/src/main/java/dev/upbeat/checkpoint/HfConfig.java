package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import dev.upbeat.json.JsonFields;
import dev.upbeat.tokenizer.StopTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a decoder's shape from config.json, with the defaults of transformers 5, and the stop ids of
 * generation_config.json. An unsupported setting that would change a result is rejected by name.
 */
final class HfConfig {
    static final String FILE = "config.json";
    static final String TORCH_DTYPE = "torch_dtype";

    /** Keys of the weights' dtype; the first that is present counts. */
    static final List<String> DTYPE_KEYS = List.of("dtype", TORCH_DTYPE);

    private static final Set<String> DTYPES = Set.of("float32", "float16", "bfloat16");
    private static final String EOS = "eos_token_id";
    static final String SLIDING = "sliding_attention";
    static final String FULL = "full_attention";

    /** Defaults of transformers' classes. */
    private record Defaults(int context, int kvHeads, int headDim) {
        static Defaults of(Architecture architecture, int hidden, int heads) {
            int share = heads > 0 ? hidden / heads : 0;
            return switch (architecture) {
                case LLAMA -> new Defaults(2048, heads, share);
                case QWEN2 -> new Defaults(32_768, 32, share);
                case QWEN3 -> new Defaults(32_768, 32, 128);
                case MISTRAL -> new Defaults(131_072, 8, share);
            };
        }
    }

    private HfConfig() {}

    static ModelConfig read(Path directory) {
        JsonFields json = JsonFields.read(directory.resolve(FILE));
        Architecture architecture = architecture(json);
        refuseUnread(json);
        int hidden = json.integer("hidden_size");
        int heads = json.integer("num_attention_heads");
        Defaults defaults = Defaults.of(architecture, hidden, heads);
        int layers = ModelConfigs.checkLayers(json.integer("num_hidden_layers"), json.file());
        int context = json.integer("max_position_embeddings", defaults.context());
        HfRope rope = new HfRope(json, context);
        RopeScaling scaling = rope.scaling();
        boolean attentionBias = architecture != Architecture.MISTRAL && json.bool("attention_bias", false);
        boolean qwen2 = architecture == Architecture.QWEN2; // transformers' class fixes its biases
        return ModelConfigs.checked(
                new ModelConfig(
                        architecture,
                        layers,
                        hidden,
                        heads,
                        json.isNull("num_key_value_heads")
                                ? heads
                                : json.integer("num_key_value_heads", defaults.kvHeads()),
                        json.integer("head_dim", defaults.headDim()),
                        json.integer("intermediate_size"),
                        json.integer("vocab_size"),
                        scaling.context(context),
                        json.number("rms_norm_eps", 1e-6),
                        rope.theta(),
                        scaling,
                        qwen2 || attentionBias,
                        !qwen2 && attentionBias,
                        architecture == Architecture.LLAMA && json.bool("mlp_bias", false),
                        architecture == Architecture.QWEN3,
                        json.bool("tie_word_embeddings", false),
                        slidingWindows(json, architecture, layers),
                        storedDtype(json),
                        stops(json, directory).ids()),
                json.file());
    }

    private static Architecture architecture(JsonFields json) {
        String type = json.string("model_type", "");
        return Arrays.stream(Architecture.values())
                .filter(architecture -> modelType(architecture).equals(type))
                .findFirst()
                .orElseThrow(() -> new BadInputException(json.file() + " has model_type \"" + type
                        + "\", expected one of "
                        + Arrays.stream(Architecture.values())
                                .map(HfConfig::modelType)
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    static String modelType(Architecture architecture) {
        return architecture.name().toLowerCase(Locale.ROOT);
    }

    private static void refuseUnread(JsonFields json) {
        String activation = json.string("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw new BadInputException(json.file() + " has hidden_act " + activation + ", expected silu.");
        }
        if (json.has("quantization_config")) {
            throw new BadInputException(json.file()
                    + " has a quantization_config, expected weights in F32, F16 or BF16. Use the checkpoint "
                    + "without quantisation, or a GGUF file of it.");
        }
    }

    private static List<Integer> slidingWindows(JsonFields json, Architecture architecture, int layers) {
        return switch (architecture) {
            case LLAMA -> Collections.nCopies(layers, 0);
            case MISTRAL -> Collections.nCopies(layers, window(json));
            case QWEN2, QWEN3 -> qwenWindows(json, layers);
        };
    }

    /** Number of most recent keys that a query sees, 0 for all. */
    private static int window(JsonFields json) {
        if (json.isNull("sliding_window")) {
            return 0;
        }
        int window = json.integer("sliding_window", 4096);
        if (window < 1) {
            throw new BadInputException(json.file() + " has sliding_window " + window
                    + ", expected a positive number of keys, or null for all.");
        }
        return window;
    }

    private static List<Integer> qwenWindows(JsonFields json, int layers) {
        int window = json.bool("use_sliding_window", false) ? window(json) : 0;
        if (!json.has("layer_types")) {
            int first = json.integer("max_window_layers", 28);
            return IntStream.range(0, layers)
                    .map(layer -> layer >= first ? window : 0)
                    .boxed()
                    .toList();
        }
        List<String> types = json.strings("layer_types");
        if (types.size() != layers) {
            throw new BadInputException(json.file() + " has " + types.size() + " layer_types for " + layers
                    + " layers, expected one for each.");
        }
        return types.stream().map(type -> windowOf(type, window, json.file())).toList();
    }

    private static int windowOf(String layerType, int window, Path file) {
        if (layerType.equals(FULL)) {
            return 0;
        }
        if (!layerType.equals(SLIDING)) {
            throw new BadInputException(
                    file + " has layer type \"" + layerType + "\", expected " + FULL + " or " + SLIDING + ".");
        }
        if (window == 0) {
            throw new BadInputException(file + " has layers of type " + SLIDING
                    + " without a window: expected use_sliding_window true and a sliding_window.");
        }
        return window;
    }

    private static @Nullable String storedDtype(JsonFields json) {
        String dtype = "";
        for (String key : DTYPE_KEYS) {
            dtype = dtype.isEmpty() ? json.string(key, "") : dtype;
        }
        if (!dtype.isEmpty() && !DTYPES.contains(dtype)) {
            throw new BadInputException(
                    json.file() + " has dtype " + dtype + ", expected float32, float16 or bfloat16.");
        }
        return dtype.isEmpty() ? null : dtype;
    }

    /** Stop tokens of config.json and generation_config.json. */
    static StopTokens stops(Path directory) {
        return stops(JsonFields.read(directory.resolve(FILE)), directory);
    }

    private static StopTokens stops(JsonFields json, Path directory) {
        StopTokens stops = new StopTokens();
        json.integers(EOS).forEach(id -> stops.add(id, FILE + " " + EOS));
        Path generation = directory.resolve(StopTokens.GENERATION_FILE);
        if (Files.exists(generation)) {
            stops.addGeneration(JsonFields.read(generation));
        }
        return stops;
    }
}
