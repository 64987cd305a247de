package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.checkpoint.peft.TinyAdapters;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Training from a model with an adapter merged in. */
@ExtendWith(OneThread.class)
class AdapterTrainingTest {
    private static final String WEIGHT = TinyAdapters.Q0 + ".weight";

    @TempDir
    private static Path shared;

    private static Path base;
    private static Path adapter;

    @BeforeAll
    static void makeModelAndAdapter() throws IOException {
        TinyRuns.model(shared);
        base = shared.resolve("sft/checkpoint-6");
        try (Checkpoint checkpoint = Checkpoint.open(base)) {
            adapter = TinyAdapters.plain(shared.resolve("lora"), checkpoint.config(), 1);
        }
    }

    private static TrainConfig grpo(String name) throws IOException {
        return TinyRuns.grpo(
                shared,
                "adapter=" + adapter,
                "out=" + shared.resolve(name),
                "learn.learning_rate=1.0e-9",
                "learn.kl=0.1",
                "learn.steps=2",
                "eval.every=0");
    }

    @Test
    void trainingStartsFromTheMergedWeightsAndSavesAWholeModel() throws IOException {
        TrainConfig config = grpo("merged");
        assertThat(DryRun.of(config, false, TinyRuns.SILENT).lines()).anyMatch(line -> line.startsWith("model: "));
        TinyRuns.train(config);
        try (Checkpoint merged = Checkpoint.open(base, adapter);
                Checkpoint plain = Checkpoint.open(base);
                Checkpoint trained = Checkpoint.open(shared.resolve("merged/checkpoint-2"))) {
            assertThat(TinyModels.read(trained.weights(), WEIGHT, Dtype.F32))
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(TinyModels.read(merged.weights(), WEIGHT, Dtype.F32));
            assertThat(TinyModels.read(plain.weights(), WEIGHT, Dtype.F32))
                    .isNotEqualTo(TinyModels.read(merged.weights(), WEIGHT, Dtype.F32));
            JsonNode recorded = new ObjectMapper()
                    .readTree(shared.resolve("merged/provenance.json").toFile())
                    .path("model");
            assertThat(recorded.path("sha256").asText()).isEqualTo(merged.sha256());
            assertThat(recorded.path("name").asText()).isEqualTo(base + " + " + adapter);
        }
    }

    @Test
    void aRunWhoseAdapterHasChangedIsNotContinued() throws IOException {
        TrainConfig config = grpo("changed");
        TinyRuns.trainTo(config, 1);
        byte[] before = Files.readAllBytes(adapter.resolve("adapter_config.json"));
        try {
            Files.writeString(adapter.resolve("adapter_config.json"), " ", StandardOpenOption.APPEND);
            assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("was started with other model");
        } finally {
            Files.write(adapter.resolve("adapter_config.json"), before);
        }
        assertThat(TinyRuns.train(config, true, () -> false).steps()).isEqualTo(2);
    }

    @Test
    void anAdapterBelongsToAGivenModel() {
        assertThatThrownBy(() -> TinyRuns.sft(shared, "adapter=" + adapter))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("adapter is", "together with architecture");
    }
}
