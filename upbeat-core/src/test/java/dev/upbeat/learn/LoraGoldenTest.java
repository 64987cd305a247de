package dev.upbeat.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.peft.LoraAdapter;
import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.checkpoint.peft.LoraWriter;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training of low-rank updates against peft and torch: resources/lora-training, whose README states generator and tolerance. */
@ExtendWith(OneThread.class)
class LoraGoldenTest {
    private static final double TOLERANCE = 1e-5;

    private static Path resources;
    private static JsonNode golden;

    @BeforeAll
    static void readTheGoldens() throws IOException, URISyntaxException {
        Path file = Path.of(requireNonNull(LoraGoldenTest.class.getResource("/lora-training/golden.json"))
                .toURI());
        resources = requireNonNull(file.getParent()).resolveSibling("");
        golden = new ObjectMapper().readTree(file.toFile());
    }

    private static Path stored(String name) {
        return resources.resolve("lora-training").resolve(name);
    }

    /** @param targets PEFT's names, such as q_proj */
    private static LoraSettings settings(JsonNode lora) {
        List<String> targets = new ArrayList<>();
        lora.path("target_modules")
                .forEach(module -> targets.add(module.asText().replace("_proj", "")));
        return new LoraSettings(
                lora.path("r").asInt(),
                lora.path("lora_alpha").asDouble(),
                0,
                targets,
                lora.path("use_rslora").asBoolean(false));
    }

    private static List<Trace> traces(JsonNode samples) {
        List<Trace> traces = new ArrayList<>();
        samples.forEach(row -> traces.add(new Trace(
                String.valueOf(traces.size()),
                ids(row.path("prompt_ids")),
                ids(row.path("response_ids")),
                null,
                1,
                null)));
        return traces;
    }

    private static int[] ids(JsonNode ids) {
        int[] values = new int[ids.size()];
        Arrays.setAll(values, i -> ids.get(i).asInt());
        return values;
    }

    private static LoraPolicy policy(String name, JsonNode model) {
        try (Checkpoint base = Checkpoint.open(
                ParityFixture.named(model.path("model").asText()).directory())) {
            LoraSettings settings = settings(model.path("settings"));
            LoraWriter.Base of = LoraWriter.Base.of(base.path().toString());
            return LoraPolicy.resume(base, Dtype.F32, settings, of, 0, stored(name + "/start"));
        }
    }

    private static Optimization optimization() {
        JsonNode given = golden.path("optimizer");
        return new Optimization(
                Schedule.constant(given.path("learning_rate").asDouble()),
                given.path("beta1").asDouble(),
                given.path("beta2").asDouble(),
                given.path("epsilon").asDouble(),
                given.path("weight_decay").asDouble(),
                given.path("clip").asDouble(),
                60,
                false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "some"})
    void gradientsAreThoseOfPeft(String name) {
        JsonNode expected = golden.path("cases").path(name);
        List<Trace> traces = traces(expected.path("samples"));
        float tokens =
                traces.stream().mapToInt(trace -> trace.responseIds().length).sum();
        try (LoraPolicy policy = policy(name, expected);
                GradientStep step = new GradientStep(policy, optimization())) {
            step.accumulate(
                    traces,
                    batch -> (from, logProbs, entropies, logProbGradient, entropyGradient) ->
                            Arrays.fill(logProbGradient, -1 / tokens));
            assertThat(expected.path("gradients"))
                    .hasSize(policy.layout().names().size());
            for (String weight : policy.layout().names()) {
                JsonNode gradient = expected.path("gradients").path(weight);
                float[] given = values(policy.weights().gradient(weight));
                double squares = 0;
                for (float value : given) {
                    squares += (double) value * value;
                }
                double norm = gradient.path("norm").asDouble();
                assertThat(Math.sqrt(squares)).as("norm of %s", weight).isCloseTo(norm, within(TOLERANCE * norm));
                for (int i = 0; i < gradient.path("values").size(); i++) {
                    assertThat((double) given[i * gradient.path("step").asInt()])
                            .as("%s, value %d", weight, i)
                            .isCloseTo(gradient.path("values").get(i).asDouble(), within(TOLERANCE * norm));
                }
            }
        }
    }

    private static float[] values(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toFloats(tensor);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "some"})
    void tenStepsOfAdamWAreThoseOfPeftAndTorch(String name) {
        JsonNode expected = golden.path("cases").path(name);
        List<Trace> traces = traces(expected.path("samples"));
        try (LoraPolicy policy = policy(name, expected);
                SupervisedLearner learner = new SupervisedLearner(policy, optimization());
                LoraAdapter end = LoraAdapter.open(stored(name + "/end"), policy.config())) {
            for (JsonNode loss : expected.path("losses")) {
                assertThat(learner.update(traces).loss()).isCloseTo(loss.asDouble(), within(TOLERANCE));
            }
            assertThat(learner.gradientStep().steps())
                    .isEqualTo(golden.path("steps").asLong());
            end.loras().forEach((weight, lora) -> {
                try (PointerScope scope = new PointerScope()) {
                    requireClose(policy, LoraSettings.a(lora.module()), Tensors.toFloats(end.a(lora)));
                    requireClose(policy, LoraSettings.b(lora.module()), Tensors.toFloats(end.b(lora)));
                }
            });
        }
    }

    private static void requireClose(Policy policy, String name, float[] expected) {
        float[] given = values(policy.weights().master(name));
        assertThat(given).hasSameSizeAs(expected);
        for (int i = 0; i < given.length; i++) {
            assertThat((double) given[i]).as("%s, value %d", name, i).isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    /** The stored files are those that peft has loaded, so this is a test with peft as long as the bytes are the same. */
    @Test
    void peftLoadsTheFilesThatAreWritten() throws IOException {
        LoraSettings settings = new LoraSettings(3, 6, 0.1, List.of("q", "k", "o", "gate", "down"), true);
        Path written = Path.of("target/lora-written");
        try (Checkpoint base = Checkpoint.open(resources.resolve("lora/llama"));
                LoraPolicy policy = LoraPolicy.begin(
                        base, Dtype.F32, settings, new LoraWriter.Base("../../lora/llama", null), 11)) {
            randomise(policy);
            policy.save(written, new LinkedHashMap<>());
            for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
                assertThat(written.resolve(file))
                        .hasSameBinaryContentAs(stored("written").resolve(file));
            }
            JsonNode lora = new ObjectMapper()
                    .readTree(resources.resolve("lora/golden.json").toFile());
            int[] ids = ids(lora.path("ids"));
            int prompt = lora.path("prompt").asInt();
            Trace trace = new Trace(
                    "a", Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, ids.length), null, 1, null);
            TokenScores scores =
                    Observer.score(policy.decoder(), List.of(trace)).get(0);
            for (int i = 0; i < scores.logProbs().length; i++) {
                assertThat((double) scores.logProbs()[i])
                        .isCloseTo(golden.path("written").get(i).asDouble(), within(TOLERANCE));
            }
        }
    }

    /** Sets B to multiples of 1/64, which every machine draws alike. */
    private static void randomise(LoraPolicy policy) {
        SplittableRandom random = new SplittableRandom(2);
        for (String name : policy.layout().names()) {
            if (name.contains("lora_B")) {
                float[] values = new float
                        [Math.toIntExact(
                                policy.layout().shape(name)[0] * policy.layout().shape(name)[1])];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextInt(-16, 17) / 64f;
                }
                Scoped.run(() -> policy.weights()
                        .master(name)
                        .copy_(Tensors.of(values, policy.layout().shape(name))));
            }
        }
    }
}
