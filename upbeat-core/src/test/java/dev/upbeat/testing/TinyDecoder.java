package dev.upbeat.testing;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.HfConfigWriter;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.NullMarked;

/** Decoders of some kilobytes with random weights, made in memory. Heads: 8 wide, four query heads over two key/value heads. */
@NullMarked
public final class TinyDecoder {
    private TinyDecoder() {}

    /** Three layers, vocabulary 40, context 1024, all keys seen. */
    public static ModelConfig config(Architecture architecture) {
        return config(architecture, 40, 1024, 0);
    }

    /** @param window latest keys that a query of every second layer, from layer 1 on, sees; 0 for all */
    public static ModelConfig config(Architecture architecture, int vocabulary, int context, int window) {
        return config(architecture, vocabulary, context, window, 8);
    }

    /** Vocabulary 40, all keys seen, with rotary scaling. */
    public static ModelConfig config(Architecture architecture, int context, RopeScaling scaling) {
        return config(architecture, 40, context, 0, 8, scaling);
    }

    /** @param headDim D */
    public static ModelConfig config(Architecture architecture, int vocabulary, int context, int window, int headDim) {
        return config(architecture, vocabulary, context, window, headDim, new RopeScaling.None());
    }

    private static ModelConfig config(
            Architecture architecture, int vocabulary, int context, int window, int headDim, RopeScaling scaling) {
        return new ModelConfig(
                architecture,
                3,
                24,
                4,
                2,
                headDim,
                40,
                vocabulary,
                context,
                1e-5,
                10_000,
                scaling,
                architecture == Architecture.QWEN2,
                false,
                false,
                architecture == Architecture.QWEN3,
                false,
                List.of(0, window, 0),
                "float32",
                List.of());
    }

    public static Decoder random(ModelConfig config, long seed) {
        return random(config, seed, Dtype.F32);
    }

    public static Decoder random(ModelConfig config, long seed, Dtype dtype) {
        return Decoder.load(config, weights(config, seed), dtype);
    }

    public static WeightSource weights(ModelConfig config, long seed) {
        return new RandomWeights(WeightShapes.of(config), seed);
    }

    /** Writes the decoder as a Hugging Face directory with a byte-level tokenizer of 402 tokens and a chat template. */
    public static Path write(Path directory, ModelConfig config, long seed) throws IOException {
        return write(directory, config, weights(config, seed));
    }

    /** The same with weights of one's own. */
    public static Path write(Path directory, ModelConfig config, WeightSource weights) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = weights.names().stream()
                    .collect(Collectors.toMap(name -> name, name -> weights.read(name, Dtype.F32)));
            SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        }
        Files.writeString(directory.resolve("config.json"), HfConfigWriter.toJson(config));
        try (InputStream tokenizer = TinyDecoder.class.getResourceAsStream("/tokenizers/smollm.json")) {
            Files.copy(Objects.requireNonNull(tokenizer), directory.resolve("tokenizer.json"));
        }
        Files.writeString(
                directory.resolve("chat_template.jinja"),
                "{% for message in messages %}<|start|>{{ message['role'] + '\n' + message['content'] }}<|end|>\n"
                        + "{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n{% endif %}");
        return directory;
    }

    /** Normal values, wide enough that attention is neither flat nor one-hot; the same for the same seed and name. */
    private record RandomWeights(Map<String, long[]> shapes, long seed) implements WeightSource {
        @Override
        public Set<String> names() {
            return Collections.unmodifiableSet(shapes.keySet());
        }

        @Override
        public long[] shape(String name) {
            return Objects.requireNonNull(shapes.get(name), name);
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            SplittableRandom random = new SplittableRandom(seed + name.hashCode());
            long[] shape = shape(name);
            boolean norm = shape.length == 1 && name.contains("norm");
            long inputs = shape[shape.length - 1];
            double scale = norm ? 0.1 : name.contains("embed") ? 1 : 1.5 / Math.sqrt((double) inputs);
            float[] values = new float[(int) (shape.length == 1 ? inputs : shape[0] * inputs)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian() + (norm ? 1 : 0));
            }
            return Tensors.of(values, shape).to(dtype.scalarType());
        }

        @Override
        public void close() {}
    }
}
