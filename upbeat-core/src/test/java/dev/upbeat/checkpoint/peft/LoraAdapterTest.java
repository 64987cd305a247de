package dev.upbeat.checkpoint.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.TinyModels;
import dev.upbeat.checkpoint.peft.TinyAdapters.Values;
import dev.upbeat.io.BadInputException;
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
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that are damaged, hostile, of another kind or of another model. */
class LoraAdapterTest {
    private static final ModelConfig CONFIG = TinyModels.config(Architecture.LLAMA);
    private static final String A = TinyAdapters.stored(TinyAdapters.Q0 + ".lora_A.weight");

    @TempDir
    private Path directory;

    private final Map<String, Object> settings = TinyAdapters.settings(List.of(TinyAdapters.Q0), 2, 4);
    private final Map<String, Values> tensors = TinyAdapters.loras(CONFIG, List.of(TinyAdapters.Q0), 2, 1);

    private void open() throws IOException {
        LoraAdapter.open(TinyAdapters.write(directory.resolve("adapter"), settings, tensors), CONFIG)
                .close();
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(this::open).isInstanceOf(BadInputException.class).hasMessageContainingAll(parts);
    }

    @Test
    void aMissingTensorIsNamed() {
        tensors.remove(A);
        assertRefused("adapter_model.safetensors lacks tensor " + A, "adapter_config.json");
    }

    @Test
    void anUnexpectedTensorIsNamed() {
        tensors.put(
                TinyAdapters.stored("model.layers.9.self_attn.q_proj.lora_A.weight"),
                TinyAdapters.random(new Random(1), 2, 8));
        assertRefused("has tensor base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight", "do not have");
    }

    @Test
    void aShapeOfAnotherModelIsRefused() {
        tensors.put(A, TinyAdapters.random(new Random(1), 2, 7));
        assertRefused(A, "[2, 7], expected [2, 8]", "trained on this base model");
    }

    @Test
    void anAdapterOfAnotherRankIsRefused() {
        settings.put("r", 3);
        assertRefused(A, "[2, 8], expected [3, 8]");
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() throws IOException {
        float[] values = new float[16];
        values[5] = Float.NaN;
        tensors.put(A, new Values(values, 2, 8));
        Path base = TinyModels.huggingFace(
                Files.createDirectory(directory.resolve("base")), CONFIG, TinyModels.weights(CONFIG, 1), Dtype.F32);
        Path adapter = TinyAdapters.write(directory.resolve("adapter"), settings, tensors);
        try (Checkpoint checkpoint = Checkpoint.open(base, adapter);
                PointerScope scope = new PointerScope()) {
            assertThatThrownBy(() -> checkpoint.weights().read(TinyAdapters.Q0 + ".weight", Dtype.F32))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(A, "NaN", "adapter_model.safetensors");
        }
    }

    @Test
    void modulesThatTheModelLacksAreRefused() {
        settings.put("target_modules", List.of("c_attn", "query_key_value"));
        assertRefused("names no module of the model in target_modules", "down_proj", "q_proj", "base model");
        settings.put("target_modules", List.of(TinyAdapters.Q0));
        settings.put("modules_to_save", List.of("score"));
        assertRefused("\"score\" in modules_to_save, which the model does not have", "lm_head");
    }

    @Test
    void otherMethodsAreRefusedByName() {
        for (String type : List.of("IA3", "LOHA", "PROMPT_TUNING", "ADALORA")) {
            settings.put("peft_type", type);
            assertRefused(type + " for peft_type, expected LORA", "merge_and_unload");
        }
    }

    @Test
    void settingsThatChangeTheResultAreRefusedByName() {
        Map<String, Object> unsupported = Map.of(
                "trainable_token_indices", List.of(1, 2),
                "target_parameters", List.of("mlp.experts"),
                "layer_replication", List.of(List.of(0, 1)),
                "lora_bias", true,
                "use_qalora", true,
                "alora_invocation_tokens", List.of(5),
                "a_setting_of_the_future", Map.of("x", 1),
                "task_type", "SEQ_CLS",
                "init_lora_weights", "pissa");
        unsupported.forEach((key, value) -> {
            Object before = settings.put(key, value);
            assertRefused(key, "adapter_config.json", "merge");
            settings.remove(key);
            if (before != null) {
                settings.put(key, before);
            }
        });
    }

    @Test
    void settingsWithoutEffectAreIgnored() throws IOException {
        settings.put("lora_dropout", 0.5);
        settings.put("fan_in_fan_out", true);
        settings.put("init_lora_weights", "gaussian");
        settings.put("megatron_core", "megatron.core");
        settings.put("a_setting_of_the_future", null);
        settings.put("another", false);
        open();
    }

    @Test
    void settingsOfTheWrongTypeOrRangeAreRefused() {
        Map<String, Object> wrong = Map.of(
                "r",
                0,
                "lora_alpha",
                "x",
                "bias",
                "some",
                "target_modules",
                List.of(1),
                "rank_pattern",
                Map.of("q_proj", -1),
                "alpha_pattern",
                List.of("q_proj"),
                "layers_to_transform",
                List.of("first"),
                "use_rslora",
                1,
                "modules_to_save",
                "lm_head",
                "exclude_modules",
                Map.of("a", 1));
        wrong.forEach((key, value) -> {
            Object before = settings.put(key, value);
            assertRefused(key, "expected");
            settings.remove(key);
            if (before != null) {
                settings.put(key, before);
            }
        });
        settings.remove("target_modules");
        assertRefused("nothing for target_modules");
    }

    @Test
    void aRegularExpressionThatBacktracksEndsWithAMessage() {
        settings.put("target_modules", "(([a-z0-9_.]+)+)+!");
        assertRefused("takes too long to match", "list of modules");
    }

    @Test
    void aRegularExpressionThatCannotBeReadIsRefused() {
        settings.put("target_modules", "(q_proj");
        assertRefused("\"(q_proj\", which cannot be read");
        settings.put("target_modules", "(".repeat(200_000) + ")".repeat(200_000));
        assertRefused("which cannot be read (Stack overflow");
    }

    @Test
    void patternsWithoutEndAreRefused() {
        Map<String, Integer> patterns = new HashMap<>();
        for (int i = 0; i < 10_001; i++) {
            patterns.put("m" + i, 1);
        }
        settings.put("rank_pattern", patterns);
        assertRefused("10001 entries for rank_pattern");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Path adapter = TinyAdapters.write(directory.resolve("adapter"), settings, tensors);
        Files.delete(adapter.resolve("adapter_model.safetensors"));
        assertThatThrownBy(() -> LoraAdapter.open(adapter, CONFIG))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no adapter_model.safetensors: expected");
        Files.writeString(adapter.resolve("adapter_model.bin"), "pickle");
        assertThatThrownBy(() -> LoraAdapter.open(adapter, CONFIG))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("adapter_model.bin, a pickled file", "save_pretrained");
        Files.delete(adapter.resolve("adapter_config.json"));
        assertThatThrownBy(() -> LoraAdapter.open(adapter, CONFIG))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no adapter_config.json");
    }

    /** Every damaged file gives a message of its own kind; none crashes. */
    @Test
    void damagedFilesAreRefusedOrHarmless() throws IOException {
        Path adapter = TinyAdapters.write(directory.resolve("adapter"), settings, tensors);
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            byte[] whole = Files.readAllBytes(adapter.resolve(name));
            Random random = new Random(7);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                if (i % 3 == 0) {
                    damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
                } else {
                    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                        damaged[random.nextInt(whole.length)] = (byte) random.nextInt(256);
                    }
                }
                Files.write(adapter.resolve(name), damaged);
                try {
                    LoraAdapter.open(adapter, CONFIG).close();
                } catch (BadInputException e) {
                    assertThat(e.getMessage()).contains("adapter");
                }
            }
            Files.write(adapter.resolve(name), whole);
        }
    }

    /** Which of many random settings name which modules, against PEFT's rule written with plain strings. */
    @Test
    void targetsEqualANaiveReadingOfTheRule() throws IOException {
        List<String> modules = new ArrayList<>(List.of("model.embed_tokens", "lm_head"));
        for (int l = 0; l < 12; l++) {
            for (String part : List.of("self_attn.q_proj", "self_attn.k_proj", "mlp.up_proj", "mlp.down_proj")) {
                modules.add("model.layers." + l + "." + part);
            }
        }
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            List<String> named = some(modules, random);
            List<String> excluded = random.nextBoolean() ? some(modules, random) : List.of();
            int layer = random.nextInt(14);
            Map<String, Object> given = TinyAdapters.settings(named, 1, 1);
            given.put("exclude_modules", excluded);
            if (layer < 12) {
                given.put("layers_to_transform", List.of(layer));
            }
            Path adapter = TinyAdapters.write(directory.resolve("adapter"), given, tensors);
            LoraTargets targets = new LoraTargets(LoraConfig.read(adapter));
            for (String module : modules) {
                boolean full = named.contains(module);
                boolean end = named.stream().anyMatch(name -> module.endsWith("." + name));
                boolean inLayer = layer >= 12 || module.startsWith("model.layers." + layer + ".");
                boolean out = excluded.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
                assertThat(targets.targets(module, true))
                        .as("%s by %s without %s in layer %d", module, named, excluded, layer)
                        .isEqualTo((full || (end && inLayer)) && !out);
            }
        }
    }

    /** At least one: whole names and ends of names. */
    private static List<String> some(List<String> modules, Random random) {
        List<String> some = new ArrayList<>();
        do {
            String module = modules.get(random.nextInt(modules.size()));
            String[] parts = module.split("\\.");
            int from = random.nextInt(parts.length);
            some.add(String.join(".", List.of(parts).subList(from, parts.length)));
        } while (random.nextInt(3) > 0);
        return some;
    }
}
