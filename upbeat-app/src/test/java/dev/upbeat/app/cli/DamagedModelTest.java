package dev.upbeat.app.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that cannot be used, through the command line: one message, exit status 2, no run directory. */
class DamagedModelTest {
    @TempDir
    Path directory;

    private Path model;
    private Path weights;
    private Path traces;

    @BeforeEach
    void writeAModelAndTraces() {
        model = TinyModel.write(directory.resolve("tiny"));
        weights = model.resolve("model.safetensors");
        traces = TinyModel.traces(directory.resolve("traces.jsonl"), 1, 3, 10);
    }

    @AfterEach
    void nothingIsWritten() {
        assertThat(Cli.names(directory)).allMatch(name -> name.matches("tiny|traces.jsonl|.*gguf"));
    }

    @Test
    void weightsThatAreMissing() throws IOException {
        Files.delete(weights);
        analyze(model).refused("tiny", "model.safetensors");
    }

    @Test
    void weightsThatAreTruncated() throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
        analyze(model).refused("model.safetensors", "truncated", "Fetch it again");
    }

    @Test
    void aDamagedCheckpointOfATrainingIsNotToBeFetched() throws IOException {
        Path checkpoint = directory.resolve("tiny/checkpoint-8");
        Files.createDirectories(checkpoint.resolve("trainer"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(model.resolve(name), checkpoint.resolve(name));
        }
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(checkpoint.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length - 100));
        assertThat(analyze(checkpoint)
                        .refused("truncated", "Restore " + checkpoint + " from a copy, or delete it")
                        .err())
                .doesNotContain("Fetch");
        Files.writeString(checkpoint.resolve("config.json"), "{");
        analyze(checkpoint).refused("not valid JSON", "Restore " + checkpoint);
    }

    @Test
    void weightsOfADtypeThatIsNotRead() throws IOException {
        String header = new String(Files.readAllBytes(weights), StandardCharsets.ISO_8859_1);
        Files.write(weights, header.replaceFirst("\"F32\"", "\"I32\"").getBytes(StandardCharsets.ISO_8859_1));
        analyze(model).refused("dtype I32", "F32, F16 or BF16");
    }

    @Test
    void aShardThatIsMissing() throws IOException {
        Files.move(weights, model.resolve("model-00001-of-00002.safetensors"));
        TinyModel.put(
                model,
                "model.safetensors.index.json",
                Map.of(
                        "weight_map",
                        Map.of(
                                "model.embed_tokens.weight", "model-00001-of-00002.safetensors",
                                "model.norm.weight", "model-00002-of-00002.safetensors")));
        analyze(model).refused("model-00002-of-00002.safetensors", "missing");
    }

    @ParameterizedTest
    @CsvSource({"1000000, only", "10737418240, at most"})
    void aHeaderThatCannotBe(long claimed, String message) throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed);
        Files.write(weights, bytes);
        analyze(model).refused("declares a header of " + claimed + " bytes", message);
    }

    @Test
    void anArchitectureThatIsNotRead() {
        configure("model_type", "gpt_neox");
        analyze(model).refused("gpt_neox", "llama, qwen2, qwen3, mistral");
    }

    @Test
    void aConfigurationOfAnotherModel() {
        configure("intermediate_size", 32);
        analyze(model)
                .refused(
                        "[24, 16]",
                        "expected [32, 16]",
                        "Fetch the weights and the configuration of the " + "same version again");
    }

    @Test
    void aDirectoryWithoutAModel() throws IOException {
        Files.delete(model.resolve("config.json"));
        analyze(model).refused("tiny has no config.json", "Hugging Face directory");
    }

    @Test
    void aRootDirectory() {
        Cli.upbeat("analyze", directory.getRoot(), "--traces", traces).refused("has no config.json");
    }

    @Test
    void aPathThatDoesNotExist() {
        analyze(directory.resolve("nowhere.gguf")).refused("nowhere.gguf does not exist", "hub id");
    }

    @Test
    void anUncachedHubIdOffline() {
        assertThat(System.getenv("HF_HUB_OFFLINE"))
                .as("tests stay off the network")
                .isEqualTo("1");
        analyze(Path.of("nobody/nothing")).refused("nobody/nothing", "HF_HUB_OFFLINE");
    }

    @Test
    void anEmptyName() {
        analyze(Path.of("")).refused("MODEL is empty");
    }

    @Test
    void aGgufOfTheFirstVersion() throws IOException {
        analyze(gguf(ByteOrder.LITTLE_ENDIAN, 1)).refused("version 1", "version 2 or 3");
    }

    @Test
    void aBigEndianGguf() throws IOException {
        analyze(gguf(ByteOrder.BIG_ENDIAN, 3)).refused("big-endian", "little-endian");
    }

    @Test
    void aFileWithoutAModel() throws IOException {
        Path file = directory.resolve("text.gguf");
        Files.writeString(file, "hello");
        analyze(file).refused("not a GGUF file");
    }

    @Test
    void nonFiniteWeights() {
        Map<String, float[]> damaged = TinyModel.weights();
        requireNonNull(damaged.get("model.layers.1.self_attn.q_proj.weight"))[5] = Float.NaN;
        TinyModel.write(model, damaged);
        analyze(model).refused("tensor model.layers.1.self_attn.q_proj.weight", "NaN", "damaged");
    }

    private void configure(String key, Object value) {
        Map<String, Object> config = TinyModel.config();
        config.put(key, value);
        TinyModel.put(model, "config.json", config);
    }

    private Path gguf(ByteOrder order, int version) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(64).order(order).put("GGUF".getBytes(StandardCharsets.US_ASCII));
        return Files.write(directory.resolve("old.gguf"), file.putInt(version).array());
    }

    private Cli analyze(Path given) {
        return Cli.upbeat("analyze", given, "--traces", traces, "--out", directory.resolve("run"));
    }
}
