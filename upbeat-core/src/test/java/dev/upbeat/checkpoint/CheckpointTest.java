package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void aHuggingFaceDirectoryOpensWithItsWeights(Architecture architecture) {
        ModelConfig config = TinyModels.config(architecture);
        Map<String, float[]> weights = TinyModels.weights(config, 1);
        TinyModels.huggingFace(directory, config, weights, Dtype.F32);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.config()).isEqualTo(config);
            assertThat(checkpoint.path()).isEqualTo(directory);
            assertThat(checkpoint.tokenizer()).isNull();
            assertThat(checkpoint.chatTemplate()).isNull();
            assertThat(checkpoint.weights().names()).isEqualTo(weights.keySet());
            weights.forEach((name, values) -> assertThat(TinyModels.read(checkpoint.weights(), name, Dtype.F32))
                    .as(name)
                    .containsExactly(values));
        }
    }

    @Test
    void aTiedCheckpointMayHoldTheSameHead() throws IOException {
        ModelConfig tied = TinyModels.config(Architecture.LLAMA, true);
        TinyModels.huggingFace(directory, tied, TinyModels.weights(tied, 1), Dtype.BF16);
        Checkpoint.open(directory).close();
        replace(tensors -> tensors.put("lm_head.weight", embedding(tensors)));
        Checkpoint.open(directory).close();
    }

    @Test
    void aTiedCheckpointWithADifferentHeadIsNotTied() throws IOException {
        ModelConfig tied = TinyModels.config(Architecture.LLAMA, true);
        Map<String, float[]> weights = TinyModels.weights(tied, 1);
        TinyModels.huggingFace(directory, tied, weights, Dtype.F32);
        replace(tensors -> tensors.put("lm_head.weight", embedding(tensors).neg()));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.config()).isEqualTo(TinyModels.config(Architecture.LLAMA));
            float[] embedding = Objects.requireNonNull(weights.get("model.embed_tokens.weight"));
            assertThat(TinyModels.read(checkpoint.weights(), "lm_head.weight", Dtype.F32)[3])
                    .isEqualTo(-embedding[3]);
        }
    }

    @Test
    void aTiedCheckpointMayStoreItsHeadOnly() throws IOException {
        ModelConfig tied = TinyModels.config(Architecture.QWEN2, true);
        Map<String, float[]> weights = TinyModels.weights(tied, 1);
        TinyModels.huggingFace(directory, tied, weights, Dtype.F32);
        replace(tensors ->
                tensors.put("lm_head.weight", Objects.requireNonNull(tensors.remove("model.embed_tokens.weight"))));
        assertHolds(tied, weights);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void aModelSavedWithoutItsHeadHasNoPrefix(Architecture architecture) throws IOException {
        for (boolean tied : new boolean[] {true, false}) {
            ModelConfig config = TinyModels.config(architecture, tied);
            Map<String, float[]> weights = TinyModels.weights(config, 1);
            TinyModels.huggingFace(directory, config, weights, Dtype.F32);
            replace(tensors -> List.copyOf(tensors.keySet())
                    .forEach(name -> tensors.put(
                            name.replaceFirst("^model\\.", ""), Objects.requireNonNull(tensors.remove(name)))));
            assertHolds(config, weights);
        }
    }

    @Test
    void aTensorWithAndWithoutThePrefixIsRefused() throws IOException {
        tiny();
        replace(tensors -> tensors.put("norm.weight", Objects.requireNonNull(tensors.get("model.norm.weight"))));
        refuses("holds both");
    }

    private void assertHolds(ModelConfig config, Map<String, float[]> weights) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.config()).isEqualTo(config);
            assertThat(checkpoint.weights().names()).isEqualTo(weights.keySet());
            weights.forEach((name, values) -> assertThat(TinyModels.read(checkpoint.weights(), name, Dtype.F32))
                    .as(name)
                    .containsExactly(values));
        }
    }

    @Test
    void anUntiedCheckpointNeedsItsHead() throws IOException {
        tiny();
        replace(tensors -> tensors.remove("lm_head.weight"));
        refuses("has no tensor lm_head.weight, expected with shape [16, 8]");
        refuses("tie_word_embeddings");
    }

    @Test
    void aWrongShapeIsRefusedWithBothShapes() throws IOException {
        tiny();
        Path config = directory.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"intermediate_size\" : 12", "\"intermediate_size\" : 14"));
        refuses("has tensor model.layers.0.mlp.gate_proj.weight of shape [12, 8], expected [14, 8]");
    }

    @Test
    void anUnknownTensorIsRefusedUnlessDerived() throws IOException {
        tiny();
        replace(tensors ->
                tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", tensors.get("model.norm.weight")));
        Checkpoint.open(directory).close();
        replace(tensors -> tensors.put("rotary_emb.inv_freq", tensors.get("model.norm.weight")));
        replace(tensors -> tensors.put("v_head.summary.weight", tensors.get("model.norm.weight")));
        Checkpoint.open(directory).close();
        replace(tensors -> tensors.put("model.layers.0.self_attn.q_proj.bias", tensors.get("model.norm.weight")));
        refuses("has tensor model.layers.0.self_attn.q_proj.bias, which this architecture does not have");
    }

    @Test
    void aRefusedCheckpointLeavesNothingOpen() throws IOException {
        tiny();
        Checkpoint.open(directory).close();
        replace(tensors -> tensors.remove("model.norm.weight"));
        long pointers = Pointer.totalCount();
        for (int i = 0; i < 20; i++) {
            refuses("has no tensor model.norm.weight");
        }
        assertThat(Pointer.totalCount()).isEqualTo(pointers);
    }

    @Test
    void theHashIsThatOfTheWeightsFile() throws Exception {
        tiny();
        byte[] file = Files.readAllBytes(directory.resolve("model.safetensors"));
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.sha256()).isEqualTo(expected);
        }
    }

    @Test
    void whatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> Checkpoint.open(directory.resolve("none")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("none does not exist: expected a Hugging Face directory, a GGUF file");
    }

    @Test
    void aDirectoryWithoutAConfigurationIsRefused() {
        refuses("has no config.json: expected a Hugging Face directory");
    }

    @Test
    void theModelsInAFolderAreNamed() throws IOException {
        Path checkpoint = Files.createDirectory(directory.resolve("checkpoint-2"));
        Files.writeString(checkpoint.resolve("config.json"), "{}");
        Path gguf = Files.createFile(directory.resolve("tiny.gguf"));
        Files.createFile(directory.resolve("README.md"));
        refuses("or a GGUF file, for example " + checkpoint + " or " + gguf + ".");
    }

    @Test
    void aSafetensorsFileAloneIsRefused() {
        tiny();
        Path file = directory.resolve("model.safetensors");
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is not a GGUF file")
                .hasMessageContaining("or the directory of a Hugging Face checkpoint");
    }

    private void tiny() {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        TinyModels.huggingFace(directory, config, TinyModels.weights(config, 1), Dtype.F32);
    }

    private static Tensor embedding(Map<String, Tensor> tensors) {
        return Objects.requireNonNull(tensors.get("model.embed_tokens.weight"));
    }

    private interface Change {
        void apply(Map<String, Tensor> tensors);
    }

    private void replace(Change change) throws IOException {
        try (PointerScope scope = new PointerScope();
                Safetensors read = Safetensors.open(directory)) {
            Map<String, Tensor> tensors = new HashMap<>();
            read.names().forEach(name -> tensors.put(name, read.read(name, Dtype.F32)));
            change.apply(tensors);
            SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        }
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(message);
    }
}
