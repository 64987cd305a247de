package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.checkpoint.peft.TinyAdapters;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training of a low-rank update: {@code learn.lora}. */
@ExtendWith(OneThread.class)
class LoraTrainingTest {
    private static final String WEIGHT = TinyAdapters.Q0 + ".weight";

    @TempDir
    private static Path shared;

    private static Path base;

    @BeforeAll
    static void makeTheBase() throws IOException {
        TinyRuns.model(shared);
        base = shared.resolve("sft/checkpoint-6");
    }

    private static TrainConfig grpo(String name, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "out=" + shared.resolve(name), "learn.lora={rank: 2, dropout: 0.1}", "learn.learning_rate=0.01"));
        all.addAll(Arrays.asList(overrides));
        return TinyRuns.grpo(shared, all.toArray(String[]::new));
    }

    @Test
    void checkpointsAreAdaptersOfTheBase() throws IOException {
        TinyRuns.train(grpo("adapters", "learn.steps=2", "learn.kl=0.05"));
        Path checkpoint = shared.resolve("adapters/checkpoint-2");
        assertThat(TinyRuns.names(checkpoint))
                .containsExactly(
                        "",
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "trainer",
                        "trainer/heads.json",
                        "trainer/optimizer.json",
                        "trainer/optimizer.safetensors",
                        "trainer/state.json");
        JsonNode settings = new ObjectMapper()
                .readTree(checkpoint.resolve("adapter_config.json").toFile());
        assertThat(settings.path("base_model_name_or_path").asText()).isEqualTo(base.toString());
        assertThat(settings.path("r").asInt()).isEqualTo(2);
        assertThat(settings.path("lora_alpha").asInt()).isEqualTo(4);
        assertThat(settings.path("lora_dropout").asDouble()).isEqualTo(0.1);
        ModelFiles files = ModelFiles.locate(checkpoint.toString(), null, (file, done, total) -> {});
        assertThat(files).isEqualTo(new ModelFiles(base, checkpoint));
        try (Checkpoint trained = Checkpoint.open(files.model(), files.adapter());
                Checkpoint plain = Checkpoint.open(base)) {
            assertThat(TinyModels.read(trained.weights(), WEIGHT, Dtype.F32))
                    .isNotEqualTo(TinyModels.read(plain.weights(), WEIGHT, Dtype.F32));
        }
    }

    @Test
    void theFirstStepIsThatOfTheBase() throws IOException {
        String[] once = {"learn.steps=1", "learn.minibatch=8"}; // one gradient step
        TinyRuns.train(TinyRuns.grpo(shared, "out=" + shared.resolve("full"), once[0], once[1]));
        TinyRuns.train(TinyRuns.grpo(shared, "out=" + shared.resolve("first"), once[0], once[1], "learn.lora={}"));
        for (String metric : List.of("reward", "entropy", "completions/mean_length", "loss")) {
            assertThat(TinyRuns.line(shared.resolve("first"), 1).path(metric).asDouble())
                    .as(metric)
                    .isCloseTo(
                            TinyRuns.line(shared.resolve("full"), 1)
                                    .path(metric)
                                    .asDouble(),
                            within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"grpo, 3", "sft, 4"})
    void aRunThatPausedEndsAsOneThatDidNot(String kind, long pause) throws IOException {
        Path whole = shared.resolve(kind + "-whole");
        Path paused = shared.resolve(kind + "-paused");
        TinyRuns.train(config(kind, whole));
        assertThat(TinyRuns.trainTo(config(kind, paused), pause).interrupted()).isTrue();
        TinyRuns.train(config(kind, paused), true, () -> false);
        assertThat(TinyRuns.metrics(paused)).isEqualTo(TinyRuns.metrics(whole));
        for (String name : TinyRuns.names(whole.resolve("checkpoint-6"))) {
            Path file = whole.resolve("checkpoint-6").resolve(name);
            if (Files.isRegularFile(file)) {
                assertThat(paused.resolve("checkpoint-6").resolve(name)).hasSameBinaryContentAs(file);
            }
        }
        assertThat(TinyRuns.names(paused)).isEqualTo(TinyRuns.names(whole));
    }

    private static TrainConfig config(String kind, Path out) throws IOException {
        if (kind.equals("grpo")) {
            return grpo(String.valueOf(out.getFileName()));
        }
        Path file = shared.resolve("lora-sft.yaml");
        Files.writeString(file, """
                kind: sft
                model: %s
                task: {name: countdown, test: 4}
                learn: {steps: 6, batch: 4, learning_rate: 3.0e-3, lora: {targets: [q, v, down], rslora: true}}
                validation: {every: 3, traces: 4}
                eval: {every: 3, max_new_tokens: 12}
                checkpoint: {every: 2}
                """.formatted(base));
        return TrainConfig.read(file, List.of("out=" + out));
    }

    @Test
    void anotherBaseIsNotContinued() throws IOException {
        TrainConfig config = grpo("other-base");
        TinyRuns.trainTo(config, 2);
        Path weights = base.resolve("model.safetensors");
        byte[] before = Files.readAllBytes(weights);
        try {
            byte[] changed = before.clone();
            changed[changed.length - 1] ^= 1;
            Files.write(weights, changed);
            assertThatThrownBy(() -> TinyRuns.train(config, true, () -> false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("was started with other model");
        } finally {
            Files.write(weights, before);
        }
    }

    @Test
    void aFullRunIsNotContinuedWithAnUpdate() throws IOException {
        TrainConfig full = TinyRuns.grpo(shared, "out=" + shared.resolve("mixed"));
        TinyRuns.trainTo(full, 2);
        TrainConfig lora = TinyRuns.grpo(shared, "out=" + shared.resolve("mixed"), "learn.lora={}");
        assertThatThrownBy(() -> TinyRuns.train(lora, true, () -> false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("learn.lora.rank not there, now it is 16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learn.lora={rank: 0}|learn.lora.rank is 0; expected a whole number",
                "learn.lora={alpha: 0}|learn.lora.alpha is 0; expected a number above 0",
                "learn.lora={dropout: 1}|learn.lora.dropout is 1; expected a number at least 0 and at most 0.99",
                "learn.lora={targets: [q, w]}|expected a list of some of q, k, v, o, gate, up, down, each once",
                "learn.lora={targets: []}|expected a list of some of q, k, v, o, gate, up, down, each once",
                "learn.lora={targets: [q, q]}|each once",
                "learn.lora=16|learn.lora is 16; expected a mapping of keys to values",
                "learn.lora={ranks: 3}|there is no key learn.lora.ranks; the nearest known key is learn.lora.rank",
                "checkpoint.dtype=bf16|checkpoint.dtype is bf16; expected f32 together with learn.lora",
                "adapter=somewhere|adapter is \"somewhere\"; expected none together with learn.lora",
            })
    void wrongValuesAreNamed(String override, String message) {
        assertThatThrownBy(() -> {
                    String[] overrides = override.startsWith("learn.lora")
                            ? new String[] {override}
                            : new String[] {"learn.lora={}", override};
                    TinyRuns.grpo(shared, overrides);
                })
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anAdapterIsNoBase() throws IOException {
        Path adapter;
        try (Checkpoint checkpoint = Checkpoint.open(base)) {
            adapter = TinyAdapters.plain(shared.resolve("lora"), checkpoint.config(), 1);
        }
        Path settings = adapter.resolve("adapter_config.json");
        Files.writeString(
                settings,
                Files.readString(settings).replaceFirst("\\{", "{\"base_model_name_or_path\": \"" + base + "\","));
        TrainConfig config = grpo("no-base", "model=" + adapter);
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("is a PEFT adapter, but with learn.lora the base is a whole model");
        assertThatThrownBy(() -> DryRun.of(config, false, TinyRuns.SILENT))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is a PEFT adapter, but with learn.lora");
        assertThatThrownBy(() -> TinyRuns.sft(shared, "learn.lora={}"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("learn.lora is given", "together with architecture");
    }

    @Test
    void theDryRunNamesTheMemoryOfTheUpdate() throws IOException {
        assertThat(DryRun.of(grpo("dry"), false, TinyRuns.SILENT).lines())
                .anyMatch(line -> line.contains("for the frozen weights") && line.contains("trained weights"));
    }
}
