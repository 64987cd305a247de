package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class ExportTest {
    private static final List<Trace> TRACES = TinyPolicies.traces(2, 3, 4);

    /** Small enough that most bf16 weights do not change. */
    private static final double LEARNING_RATE = 1e-6;

    private static SupervisedLearner learner(Policy policy) {
        return new SupervisedLearner(policy, TinyPolicies.optimization(LEARNING_RATE, 0));
    }

    private static Map<String, float[]> masters(Policy policy) {
        Map<String, float[]> weights = new TreeMap<>();
        try (PointerScope scope = new PointerScope()) {
            for (String name : policy.layout().names()) {
                weights.put(name, Tensors.toFloats(policy.weights().master(name)));
            }
        }
        return weights;
    }

    private static Map<String, float[]> stored(Path directory) {
        Map<String, float[]> weights = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (String name : checkpoint.weights().names()) {
                weights.put(name, TinyModels.read(checkpoint.weights(), name, Dtype.F32));
            }
        }
        return weights;
    }

    private static void requireSame(Map<String, float[]> stored, Map<String, float[]> expected) {
        assertThat(stored.keySet()).isEqualTo(expected.keySet());
        stored.forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
    }

    /** The nearest bf16 number, ties to even, by its bits. */
    private static float rounded(float value) {
        int bits = Float.floatToRawIntBits(value);
        int even = bits >>> 16 & 1;
        return Float.intBitsToFloat((bits + 0x7fff + even) & 0xffff0000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "BF16"})
    void anF32ExportOfABf16ModelEqualsItsMasters(Dtype compute, @TempDir Path to) throws IOException {
        Path model = ParityFixture.named("qwen3-bf16").directory();
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Policy policy = Policy.load(checkpoint, compute);
                SupervisedLearner learner = learner(policy)) {
            learner.update(TRACES);
            policy.save(to, checkpoint.companions());
            assertThat(learner.gradientStep().roundingLoss()).isEmpty();
            requireSame(stored(to), masters(policy));
            assertThat(stored(to).get("model.norm.weight"))
                    .isNotEqualTo(stored(model).get("model.norm.weight"));
        }
        assertThat(to.resolve("config.json")).content().contains("float32").doesNotContain("bfloat16");
    }

    @Test
    void aBf16ExportLosesTheShareThatIsMeasured(@TempDir Path to) throws IOException {
        Path model = ParityFixture.named("qwen3-bf16").directory();
        Map<String, float[]> start = stored(model);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Policy policy = Policy.load(checkpoint, Dtype.BF16, null);
                SupervisedLearner learner = learner(policy)) {
            assertThat(learner.gradientStep().roundingLoss()).hasValue(Double.NaN); // nothing has changed
            learner.update(TRACES);
            policy.save(to, checkpoint.companions());
            double lost = 0;
            double changed = 0;
            for (Map.Entry<String, float[]> weight : masters(policy).entrySet()) {
                float[] before = Objects.requireNonNull(start.get(weight.getKey()));
                float[] masters = weight.getValue();
                float[] saved = Objects.requireNonNull(stored(to).get(weight.getKey()));
                for (int i = 0; i < masters.length; i++) {
                    assertThat(saved[i]).isEqualTo(rounded(masters[i]));
                    lost += Math.pow((double) saved[i] - masters[i], 2);
                    changed += Math.pow((double) masters[i] - before[i], 2);
                }
            }
            double share = Math.sqrt(lost / changed);
            assertThat(share).isBetween(0.9, 1.0);
            assertThat(learner.gradientStep().roundingLoss().getAsDouble()).isCloseTo(share, within(1e-4));
        }
        assertThat(to.resolve("config.json")).content().contains("bfloat16").doesNotContain("float32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "BF16", "auto"})
    void aModelFromGgufIsExportedInEitherDtype(String dtype, @TempDir Path from, @TempDir Path to) throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        Path gguf =
                TinyModels.gguf("llama", config, TinyModels.weights(config, 3)).write(from);
        @Nullable Dtype saved = dtype.equals("auto") ? null : Dtype.valueOf(dtype);
        try (Checkpoint checkpoint = Checkpoint.open(gguf);
                Policy policy = Policy.load(checkpoint, Dtype.F32, saved)) {
            policy.save(to, checkpoint.companions());
            Map<String, float[]> expected = masters(policy);
            if (saved == Dtype.BF16) {
                expected.values().forEach(values -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = rounded(values[i]);
                    }
                });
            }
            requireSame(stored(to), expected);
        }
        try (Checkpoint exported = Checkpoint.open(to)) {
            assertThat(exported.config().storedDtype()).isEqualTo(saved == Dtype.BF16 ? "bfloat16" : "float32");
        }
    }

    @Test
    void configJsonKeepsItsSpellingOfTheDtype(@TempDir Path from, @TempDir Path to) throws IOException {
        ModelConfig config = TinyModels.config(Architecture.QWEN3).storedIn(Dtype.BF16);
        TinyModels.huggingFace(from, config, TinyModels.weights(config, 3), Dtype.BF16);
        Path file = from.resolve("config.json");
        Files.writeString(file, Files.readString(file).replace("torch_dtype", "dtype"));
        try (Checkpoint checkpoint = Checkpoint.open(from);
                Policy policy = Policy.load(checkpoint, Dtype.F32)) {
            policy.save(to, checkpoint.companions());
        }
        assertThat(to.resolve("config.json"))
                .content()
                .isEqualTo(Files.readString(file).replace("bfloat16", "float32"));
    }
}
