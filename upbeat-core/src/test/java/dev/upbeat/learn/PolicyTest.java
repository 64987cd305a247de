package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class PolicyTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3-bf16", "mistral-f16"})
    void aSavedPolicyIsTheCheckpointItCameFrom(String model, @TempDir Path directory) throws IOException {
        Path original = ParityFixture.named(model).directory();
        try (Checkpoint checkpoint = Checkpoint.open(original);
                Policy policy = Policy.load(checkpoint, Dtype.F32, null)) {
            policy.save(directory, checkpoint.companions());
        }
        assertThat(directory.resolve("config.json")).hasSameBinaryContentAs(original.resolve("config.json"));
        try (Checkpoint before = Checkpoint.open(original);
                Checkpoint after = Checkpoint.open(directory);
                PointerScope scope = new PointerScope()) {
            assertThat(after.weights().names()).isEqualTo(before.weights().names());
            for (String name : before.weights().names()) {
                assertThat(Tensors.toFloats(after.weights().read(name, Dtype.F32)))
                        .as(name)
                        .containsExactly(Tensors.toFloats(before.weights().read(name, Dtype.F32)));
            }
        }
    }

    @Test
    void theTokenizerIsCarriedOver(@TempDir Path from, @TempDir Path to) throws IOException {
        TinyDecoder.write(from, TinyDecoder.config(Architecture.LLAMA, 402, 64, 0), 1);
        try (Checkpoint checkpoint = Checkpoint.open(from);
                Policy policy = Policy.load(checkpoint, Dtype.F32)) {
            policy.save(to, checkpoint.companions());
        }
        for (String name : List.of("tokenizer.json", "chat_template.jinja")) {
            assertThat(to.resolve(name)).hasSameBinaryContentAs(from.resolve(name));
        }
        try (Stream<Path> files = Files.list(to)) {
            assertThat(files).hasSize(4);
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, float32, 4", "BF16, bfloat16, 2"})
    void weightsOfUnknownDtypeAreStoredInTheComputeDtype(
            Dtype compute, String name, int bytes, @TempDir Path from, @TempDir Path to) throws IOException {
        TinyDecoder.write(from, TinyDecoder.config(Architecture.LLAMA, 402, 64, 0), 1);
        Path config = from.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst(",\\s*\"torch_dtype\" : \"float32\"", ""));
        try (Checkpoint checkpoint = Checkpoint.open(from);
                Policy policy = Policy.load(checkpoint, compute, null)) {
            assertThat(checkpoint.config().storedDtype()).isNull();
            policy.save(to, Map.of());
            long weights = bytes * policy.size();
            assertThat(Files.size(to.resolve("model.safetensors"))).isBetween(weights, weights + 10_000);
        }
        try (Checkpoint saved = Checkpoint.open(to)) {
            assertThat(saved.config().storedDtype()).isEqualTo(name);
        }
    }

    @Test
    void aPolicyFromScratchIsReproducibleAndLoadable(@TempDir Path directory) throws IOException {
        try (Policy one = Policy.fromScratch(TinyPolicies.config(), 7);
                Policy same = Policy.fromScratch(TinyPolicies.config(), 7);
                Policy other = Policy.fromScratch(TinyPolicies.config(), 8)) {
            float[] weights = TinyPolicies.masters(one);
            assertThat(TinyPolicies.masters(same)).containsExactly(weights);
            assertThat(TinyPolicies.masters(other)).isNotEqualTo(weights);
            one.save(directory, Map.of());
            try (Checkpoint checkpoint = Checkpoint.open(directory);
                    Policy loaded = Policy.load(checkpoint, Dtype.F32)) {
                assertThat(TinyPolicies.masters(loaded)).containsExactly(weights);
            }
        }
    }

    @Test
    void tokenVectorsReplaceRowsOfEmbeddingAndHead() {
        Trace trace = new Trace("a", new int[] {11}, new int[] {12}, null, 1, null);
        try (FullPolicy policy = Policy.fromScratch(TinyPolicies.config(), 7)) {
            double before = TinyPolicies.logLikelihood(policy, trace);
            float[][] rows = new float[2][policy.config().hidden()];
            rows[0][3] = 5;
            rows[1][4] = -5;
            policy.setTokenVectors(11, rows);
            assertThat(TinyPolicies.logLikelihood(policy, trace)).isNotEqualTo(before);
            try (PointerScope scope = new PointerScope()) {
                for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
                    assertThat(Tensors.toFloats(policy.weights().master(name).narrow(0, 11, 2)))
                            .startsWith(rows[0])
                            .endsWith(rows[1]);
                }
            }
            assertThatThrownBy(() -> policy.setTokenVectors(39, rows)).hasMessageContaining("token 40");
        }
    }
}
