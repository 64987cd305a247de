package dev.upbeat.checkpoint;

import static java.util.Objects.requireNonNull;

import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Checkpoints of a few kilobytes with random weights. */
public final class TinyModels {
    private TinyModels() {}

    /** Two layers, hidden 8, two heads of 4 over one key/value head, MLP 12, vocabulary 16. */
    public static ModelConfig config(Architecture architecture) {
        return config(architecture, false);
    }

    public static ModelConfig config(Architecture architecture, boolean tied) {
        boolean qwen2 = architecture == Architecture.QWEN2;
        return new ModelConfig(
                architecture,
                2,
                8,
                2,
                1,
                4,
                12,
                16,
                64,
                1e-5,
                10_000,
                new RopeScaling.None(),
                qwen2,
                false,
                false,
                architecture == Architecture.QWEN3,
                tied,
                Collections.nCopies(2, 0),
                "float32",
                List.of(2));
    }

    /** Random f32 weights of the shape, flat, by Hugging Face name. */
    public static Map<String, float[]> weights(ModelConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, float[]> weights = new HashMap<>();
        WeightShapes.of(config).forEach((name, shape) -> weights.put(name, floats(random, (int) size(shape))));
        return weights;
    }

    static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }

    /** A Hugging Face directory, the weights stored in {@code dtype}. */
    public static Path huggingFace(Path directory, ModelConfig config, Map<String, float[]> weights, Dtype dtype) {
        try (PointerScope scope = new PointerScope()) {
            Files.writeString(directory.resolve("config.json"), HfConfigWriter.toJson(config));
            Map<String, Tensor> tensors = new HashMap<>();
            WeightShapes.of(config)
                    .forEach((name, shape) ->
                            tensors.put(name, tensor(requireNonNull(weights.get(name)), dtype, shape)));
            SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metadata that a converter writes for the shape, and the weights in its order of rows; without stop ids. */
    public static GgufBuilder gguf(String architecture, ModelConfig config, Map<String, float[]> weights) {
        return gguf(architecture, config, weights, Set.of());
    }

    /** The same without some weights, by Hugging Face name. */
    public static GgufBuilder gguf(
            String architecture, ModelConfig config, Map<String, float[]> weights, Set<String> left) {
        List<String> names = WeightShapes.of(config).keySet().stream()
                .filter(name -> !left.contains(name))
                .toList();
        return ggufPart(architecture, config, weights, names, true);
    }

    /** @param metadata whether the part has the model's metadata */
    public static GgufBuilder ggufPart(
            String architecture,
            ModelConfig config,
            Map<String, float[]> weights,
            List<String> names,
            boolean metadata) {
        GgufBuilder gguf = metadata ? metadata(architecture, config) : new GgufBuilder();
        for (String name : names) {
            long[] shape = requireNonNull(WeightShapes.of(config).get(name));
            float[] values = requireNonNull(weights.get(name));
            gguf.floats(ggufName(name), stored(architecture, config, name, values, shape), shape);
        }
        return gguf;
    }

    private static GgufBuilder metadata(String architecture, ModelConfig config) {
        return new GgufBuilder()
                .string("general.architecture", architecture)
                .uint32(architecture + ".block_count", config.layers())
                .uint32(architecture + ".context_length", config.context())
                .uint32(architecture + ".embedding_length", config.hidden())
                .uint32(architecture + ".feed_forward_length", config.mlp())
                .uint32(architecture + ".attention.head_count", config.heads())
                .uint32(architecture + ".attention.head_count_kv", config.kvHeads())
                .uint32(architecture + ".attention.key_length", config.headDim())
                .float32(architecture + ".attention.layer_norm_rms_epsilon", (float) config.rmsNormEps())
                .float32(architecture + ".rope.freq_base", (float) config.ropeTheta());
    }

    /** Converters permute the rows of q and k of llama-type models. */
    private static float[] stored(String architecture, ModelConfig config, String name, float[] values, long[] shape) {
        if (architecture.equals("llama") && name.contains("q_proj")) {
            return interleaved(values, config.heads(), shape);
        }
        if (architecture.equals("llama") && name.contains("k_proj")) {
            return interleaved(values, config.kvHeads(), shape);
        }
        return values;
    }

    /** Row i of a head's first half goes to row 2i, row i of its second half to 2i + 1. */
    private static float[] interleaved(float[] weights, int heads, long[] shape) {
        int rows = (int) shape[0];
        int columns = weights.length / rows;
        int half = rows / heads / 2;
        float[] stored = new float[weights.length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < 2 * half; i++) {
                int from = head * 2 * half + i;
                int to = head * 2 * half + (i < half ? 2 * i : 2 * (i - half) + 1);
                System.arraycopy(weights, from * columns, stored, to * columns, columns);
            }
        }
        return stored;
    }

    private static String ggufName(String name) {
        return name.replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("lm_head", "output")
                .replace("model.layers", "blk")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replaceFirst("self_attn\\.([qkv])_proj", "attn_$1")
                .replace("self_attn.o_proj", "attn_output")
                .replaceFirst("self_attn\\.([qk])_norm", "attn_$1_norm")
                .replaceFirst("mlp\\.(\\w+)_proj", "ffn_$1");
    }

    public static Tensor tensor(float[] values, Dtype dtype, long... shape) {
        return torch.tensor(values, new TensorOptions(Dtype.F32.scalarType()))
                .view(shape)
                .to(dtype.scalarType());
    }

    /** The tensor's values in f32, flat. */
    public static float[] read(WeightSource source, String name, Dtype dtype) {
        try (PointerScope scope = new PointerScope()) {
            return floats(source.read(name, dtype));
        }
    }

    public static float[] floats(Tensor tensor) {
        float[] values = new float[(int) tensor.numel()];
        if (values.length > 0) {
            tensor.to(Dtype.F32.scalarType()).contiguous().data_ptr_float().get(values);
        }
        return values;
    }

    private static long size(long[] shape) {
        long size = 1;
        for (long dimension : shape) {
            size *= dimension;
        }
        return size;
    }
}
