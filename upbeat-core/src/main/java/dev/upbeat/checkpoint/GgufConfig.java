package dev.upbeat.checkpoint;

import dev.upbeat.gguf.GgufFile;
import dev.upbeat.gguf.GgufHeader;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** Reads a decoder's shape from the metadata of a GGUF file. */
final class GgufConfig {
    private static final Map<String, Architecture> ARCHITECTURES =
            Map.of("llama", Architecture.LLAMA, "qwen2", Architecture.QWEN2, "qwen3", Architecture.QWEN3);

    /** {@code general.file_type} of files that are not quantised; norms are F32 in all of them. */
    private static final Map<Integer, String> STORED_DTYPES = Map.of(0, "float32", 1, "float16", 32, "bfloat16");

    private final Path path;
    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String prefix;
    private final Architecture architecture;

    private GgufConfig(GgufFile file) {
        this.file = file;
        path = file.path();
        metadata = file.header().metadata();
        String name = metadata.string("general.architecture");
        Architecture known = ARCHITECTURES.get(name);
        if (known == null) {
            throw new BadInputException(path + " is a model of architecture " + name
                    + ", expected llama (Mistral included), qwen2 or qwen3 in a GGUF file.");
        }
        architecture = known;
        prefix = name + ".";
    }

    static ModelConfig of(GgufFile file) {
        return new GgufConfig(file).read();
    }

    private ModelConfig read() {
        refuseExperts();
        int layers = integer("block_count");
        int hidden = integer("embedding_length");
        int heads = integer("attention.head_count");
        int kvHeads = integer("attention.head_count_kv", heads);
        int headDim = headDim(hidden, heads);
        double ropeTheta = has("rope.freq_base") ? metadata.number(prefix + "rope.freq_base") : 10_000;
        RopeScaling scaling = ropeScaling(ropeTheta, headDim);
        int window = integer("attention.sliding_window", 0);
        // Mistral's files are llama with a window; config.json has another model_type for them.
        boolean mistral = architecture == Architecture.LLAMA && window > 0;
        return ModelConfigs.checked(
                new ModelConfig(
                        mistral ? Architecture.MISTRAL : architecture,
                        layers,
                        hidden,
                        heads,
                        kvHeads,
                        headDim,
                        integer("feed_forward_length"),
                        vocabulary(),
                        scaling.context(integer("context_length")),
                        metadata.number(prefix + "attention.layer_norm_rms_epsilon"),
                        ropeTheta,
                        scaling,
                        hasTensor("blk.0.attn_q.bias"),
                        hasTensor("blk.0.attn_output.bias"),
                        hasTensor("blk.0.ffn_gate.bias"),
                        hasTensor("blk.0.attn_q_norm.weight"),
                        !hasTensor(GgufNames.OUTPUT),
                        Collections.nCopies(Math.max(layers, 0), window),
                        storedDtype(),
                        eosTokenIds()),
                path);
    }

    private void refuseExperts() {
        if (integer("expert_count", 0) > 0) {
            throw new BadInputException(
                    path + " is a mixture of " + integer("expert_count") + " experts, expected a dense model.");
        }
    }

    private int headDim(int hidden, int heads) {
        int headDim = integer("attention.key_length", heads > 0 ? hidden / heads : 0);
        for (String key : List.of("attention.value_length", "rope.dimension_count")) {
            if (integer(key, headDim) != headDim) {
                throw new BadInputException(path + " has " + prefix + key + " " + integer(key) + " with heads of "
                        + headDim + ", expected the same size for q, k, v and rotation.");
            }
        }
        return headDim;
    }

    private int vocabulary() {
        GgufHeader.Info embedding = file.header().tensors().get(GgufNames.EMBEDDING);
        if (embedding == null || embedding.shape().size() != 2) {
            throw new BadInputException(path + " has no matrix " + GgufNames.EMBEDDING
                    + ", the embedding of a language model. Use a file that holds a whole model.");
        }
        return (int) Math.min(Integer.MAX_VALUE, embedding.shape().get(0));
    }

    private RopeScaling ropeScaling(double ropeTheta, int headDim) {
        RopeScaling named = new GgufRope(metadata, prefix).scaling();
        GgufHeader.Info factors = file.header().tensors().get(GgufNames.ROPE_FREQS);
        if (factors == null) {
            return named;
        }
        if (!(named instanceof RopeScaling.None)) {
            throw new BadInputException(path + " has both rotary scaling in " + prefix + "rope.scaling.* (" + named
                    + ") and " + GgufNames.ROPE_FREQS + ", expected one of them.");
        }
        RopeFactors.requireCount(factors.weights(), headDim, path);
        return RopeFactors.scaling(values(factors), ropeTheta, headDim, path);
    }

    private float[] values(GgufHeader.Info info) {
        try (PointerScope scope = new PointerScope()) {
            float[] values = new float[Math.toIntExact(info.weights())];
            file.read(info, Dtype.F32).data_ptr_float().get(values);
            return values;
        }
    }

    private @Nullable String storedDtype() {
        return metadata.contains("general.file_type") ? STORED_DTYPES.get(metadata.integer("general.file_type")) : null;
    }

    private List<Integer> eosTokenIds() {
        return GgufStops.of(metadata).ids();
    }

    private boolean hasTensor(String name) {
        return file.header().tensors().containsKey(name);
    }

    private boolean has(String key) {
        return metadata.contains(prefix + key);
    }

    private int integer(String key) {
        return metadata.integer(prefix + key);
    }

    private int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }
}
