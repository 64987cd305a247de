package dev.upbeat.checkpoint.peft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.peft.TinyAdapters.Values;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptedWeightsTest {
    private static final List<String> ENDS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    @TempDir
    private Path directory;

    /** Random adapters over random bases, merged by loops in double precision. */
    @Test
    void weightsEqualANaiveMergeOfRandomAdapters() throws IOException {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelConfig config = TinyModels.config(
                    Architecture.values()[random.nextInt(Architecture.values().length)], random.nextBoolean());
            Map<String, float[]> weights = TinyModels.weights(config, seed);
            Dtype stored = random.nextBoolean() ? Dtype.F32 : Dtype.BF16;
            Path base = TinyModels.huggingFace(
                    Files.createDirectories(directory.resolve("base" + seed)), config, weights, stored);

            List<String> targets =
                    ENDS.stream().filter(end -> random.nextBoolean()).toList();
            targets = targets.isEmpty() ? List.of("q_proj") : targets;
            int rank = 1 + random.nextInt(3);
            double alpha = 1 + random.nextInt(8);
            Map<String, Object> settings = TinyAdapters.settings(targets, rank, alpha);
            boolean stabilized = random.nextBoolean();
            settings.put("use_rslora", stabilized);
            int layer = random.nextInt(3);
            if (layer < 2) {
                settings.put("layers_to_transform", layer);
            }
            List<String> modules = new ArrayList<>();
            for (int l = 0; l < 2; l++) {
                for (String end : targets) {
                    if (layer == 2 || layer == l) {
                        modules.add("model.layers." + l + (ENDS.indexOf(end) < 4 ? ".self_attn." : ".mlp.") + end);
                    }
                }
            }
            Map<String, Values> tensors = TinyAdapters.loras(config, modules, rank, seed);
            boolean dora = random.nextInt(3) == 0;
            settings.put("use_dora", dora);
            if (dora) {
                for (String module : modules) {
                    long outputs = requireNonNull(WeightShapes.of(config).get(module + ".weight"))[0];
                    tensors.put(
                            TinyAdapters.stored(module + ".lora_magnitude_vector"),
                            TinyAdapters.random(random, outputs));
                }
            }
            Path adapter = TinyAdapters.write(directory.resolve("adapter" + seed), settings, tensors);

            double scale = stabilized ? alpha / Math.sqrt(rank) : alpha / rank;
            try (Checkpoint plain = Checkpoint.open(base);
                    Checkpoint adapted = Checkpoint.open(base, adapter)) {
                assertThat(adapted.weights().names()).isEqualTo(plain.weights().names());
                for (String name : WeightShapes.of(config).keySet()) {
                    float[] before = TinyModels.read(plain.weights(), name, Dtype.F32);
                    float[] expected = modules.contains(name.replaceFirst("\\.weight$", ""))
                            ? naive(before, name, tensors, rank, scale)
                            : before;
                    float[] found = TinyModels.read(adapted.weights(), name, Dtype.F32);
                    assertThat(difference(found, expected))
                            .as("seed %d, %s", seed, name)
                            .isLessThan(2e-6);
                    float[] rounded = TinyModels.read(adapted.weights(), name, Dtype.BF16);
                    assertThat(rounded)
                            .as("rounded once, seed %d, %s", seed, name)
                            .containsExactly(bf16(found));
                }
            }
        }
    }

    /** @return relative to the largest value, at least 1 */
    private static double difference(float[] found, float[] expected) {
        double largest = 1;
        double difference = 0;
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(found[i] - expected[i]));
        }
        return difference / largest;
    }

    private static float[] bf16(float[] values) {
        try (PointerScope scope = new PointerScope()) {
            return TinyModels.floats(TinyModels.tensor(values, Dtype.BF16, values.length));
        }
    }

    private static float[] naive(float[] weight, String name, Map<String, Values> tensors, int rank, double scale) {
        String module = TinyAdapters.stored(name.replaceFirst("weight$", ""));
        Values a = requireNonNull(tensors.get(module + "lora_A.weight"));
        Values b = requireNonNull(tensors.get(module + "lora_B.weight"));
        Values magnitude = tensors.get(module + "lora_magnitude_vector");
        int inputs = (int) a.shape()[1];
        float[] merged = new float[weight.length];
        for (int o = 0; o < weight.length / inputs; o++) {
            double[] row = new double[inputs];
            double squares = 0;
            for (int i = 0; i < inputs; i++) {
                row[i] = weight[o * inputs + i];
                for (int r = 0; r < rank; r++) {
                    row[i] += scale * b.values()[o * rank + r] * a.values()[r * inputs + i];
                }
                squares += row[i] * row[i];
            }
            double factor = magnitude == null ? 1 : magnitude.values()[o] / Math.sqrt(squares);
            for (int i = 0; i < inputs; i++) {
                merged[o * inputs + i] = (float) (factor * row[i]);
            }
        }
        return merged;
    }

    @Test
    void aGgufBaseGivesTheWeightsOfTheDirectoryItWasConvertedFrom() throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        Map<String, float[]> weights = TinyModels.weights(config, 3);
        Path base =
                TinyModels.huggingFace(Files.createDirectory(directory.resolve("base")), config, weights, Dtype.F32);
        Path gguf = TinyModels.gguf("llama", config, weights).write(directory);
        List<String> modules = IntStream.range(0, 2)
                .boxed()
                .flatMap(
                        l -> List.of("q_proj", "k_proj").stream().map(end -> "model.layers." + l + ".self_attn." + end))
                .toList();
        Path adapter = TinyAdapters.write(
                directory.resolve("adapter"),
                TinyAdapters.settings(List.of("q_proj", "k_proj"), 2, 4),
                TinyAdapters.loras(config, modules, 2, 4));
        try (Checkpoint one = Checkpoint.open(base, adapter);
                Checkpoint other = Checkpoint.open(gguf, adapter)) {
            for (String name : WeightShapes.of(config).keySet()) {
                assertThat(TinyModels.read(other.weights(), name, Dtype.F32))
                        .as(name)
                        .containsExactly(TinyModels.read(one.weights(), name, Dtype.F32));
            }
        }
    }

    @Test
    void theDigestCoversWeightsAndSettingsOfTheAdapter() throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        Path base = TinyModels.huggingFace(
                Files.createDirectory(directory.resolve("base")), config, TinyModels.weights(config, 1), Dtype.F32);
        Path one = TinyAdapters.plain(directory.resolve("one"), config, 1);
        Path same = TinyAdapters.plain(directory.resolve("same"), config, 1);
        Path other = TinyAdapters.plain(directory.resolve("other"), config, 2);
        Path scaled = TinyAdapters.write(
                directory.resolve("scaled"),
                TinyAdapters.settings(List.of(TinyAdapters.Q0), 2, 8),
                TinyAdapters.loras(config, List.of(TinyAdapters.Q0), 2, 1));
        Map<String, String> digests = new HashMap<>();
        for (Path adapter : List.of(one, same, other, scaled)) {
            try (Checkpoint checkpoint = Checkpoint.open(base, adapter)) {
                digests.put(adapter.getFileName().toString(), checkpoint.sha256());
            }
        }
        try (Checkpoint plain = Checkpoint.open(base)) {
            digests.put("plain", plain.sha256());
        }
        assertThat(digests.get("one")).isEqualTo(digests.get("same"));
        assertThat(digests.values().stream().distinct()).hasSize(4);
    }

    @Test
    void loadingManyTimesKeepsNoNativeMemory() throws IOException {
        ModelConfig config = TinyModels.config(Architecture.QWEN3, true);
        Path base = TinyModels.huggingFace(
                Files.createDirectory(directory.resolve("base")), config, TinyModels.weights(config, 1), Dtype.F32);
        Path adapter = TinyAdapters.plain(directory.resolve("adapter"), config, 1);
        long before = 0;
        for (int i = 0; i < 20; i++) {
            try (Checkpoint checkpoint = Checkpoint.open(base, adapter);
                    Decoder decoder = Decoder.load(checkpoint.config(), checkpoint.weights(), Dtype.BF16)) {
                assertThat(decoder.dtype()).isEqualTo(Dtype.BF16);
            }
            before = i == 4 ? Pointer.totalCount() : before;
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    @Test
    void aTokenizerBesideTheAdapterReplacesTheModels() throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        Path base = TinyModels.huggingFace(
                Files.createDirectory(directory.resolve("base")), config, TinyModels.weights(config, 1), Dtype.F32);
        Files.writeString(base.resolve("chat_template.jinja"), "base");
        Path adapter = TinyAdapters.plain(directory.resolve("adapter"), config, 1);
        try (Checkpoint checkpoint = Checkpoint.open(base, adapter)) {
            assertThat(new String(requireNonNull(checkpoint.companions().get("chat_template.jinja")), UTF_8))
                    .isEqualTo("base");
        }
        Files.writeString(adapter.resolve("chat_template.jinja"), "adapter");
        Files.copy(
                requireNonNull(AdaptedWeightsTest.class.getResourceAsStream("/tokenizers/smollm.json")),
                adapter.resolve("tokenizer.json"));
        try (Checkpoint checkpoint = Checkpoint.open(base, adapter)) {
            assertThat(checkpoint.companions().keySet())
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", "chat_template.jinja");
            assertThat(new String(requireNonNull(checkpoint.companions().get("chat_template.jinja")), UTF_8))
                    .isEqualTo("adapter");
            try (var tokenizer = requireNonNull(checkpoint.tokenizer())) {
                assertThat(tokenizer.encode("a", false)).isNotEmpty();
            }
        }
        assertThat(Arrays.asList(base.toFile().list())).doesNotContain("tokenizer.json");
    }
}
