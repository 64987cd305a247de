package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.checkpoint.peft.LoraWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.model.TokenLoss;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A low-rank update that is trained, against the base, against the merged model, and against full training of it. */
@ExtendWith(OneThread.class)
class LoraPolicyTest {
    private static final LoraSettings ALL = new LoraSettings(3, 6, 0, LoraSettings.TARGETS, false);

    @TempDir
    private Path directory;

    private static Path model(String fixture) {
        return ParityFixture.named(fixture).directory();
    }

    private static LoraPolicy begin(String fixture, Dtype compute, LoraSettings settings) {
        try (Checkpoint base = Checkpoint.open(model(fixture))) {
            LoraWriter.Base name = LoraWriter.Base.of(model(fixture).toString());
            return LoraPolicy.begin(base, compute, settings, name, 7);
        }
    }

    /** Gives B random values too, so that the update changes the model. */
    private static LoraPolicy trained(String fixture, Dtype compute, LoraSettings settings) {
        LoraPolicy policy = begin(fixture, compute, settings);
        SplittableRandom random = new SplittableRandom(3);
        for (String name : policy.layout().names()) {
            if (name.contains("lora_B")) {
                Scoped.run(() -> {
                    Tensor b = policy.weights().master(name);
                    float[] values = new float[(int) b.numel()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextGaussian() / 10;
                    }
                    b.copy_(Tensors.of(values, b.size(0), b.size(1)));
                });
            }
        }
        policy.updateDecoders();
        return policy;
    }

    private static List<Trace> traces() {
        return TinyPolicies.traces(2, 3, 5);
    }

    /** Log-probs, one response after the other. */
    private static float[] logProbs(Decoder decoder) {
        List<TokenScores> scores = Observer.score(decoder, traces());
        float[] all = new float[0];
        for (TokenScores of : scores) {
            int start = all.length;
            all = Arrays.copyOf(all, start + of.logProbs().length);
            System.arraycopy(of.logProbs(), 0, all, start, of.logProbs().length);
        }
        return all;
    }

    private static double distance(float[] one, float[] other) {
        assertThat(one).hasSameSizeAs(other);
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({"llama, F32, 1e-5", "qwen3, F32, 1e-5", "qwen3-bf16, BF16, 0.1", "mistral-f16, F32, 1e-5"})
    void aNewUpdateChangesNothing(String fixture, Dtype compute, double tolerance) {
        try (Checkpoint base = Checkpoint.open(model(fixture));
                Decoder plain = Decoder.load(base.config(), base.weights(), compute);
                LoraPolicy policy = begin(fixture, compute, ALL)) {
            float[] expected = logProbs(plain);
            assertThat(distance(logProbs(policy.decoder()), expected)).isLessThan(tolerance);
            assertThat(logProbs(policy.base())).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, F32, 1e-4", "qwen3, F32, 1e-4", "qwen2, F32, 1e-4", "qwen3-bf16, BF16, 0.2"})
    void anUpdateGivesTheNumbersOfTheMergedModel(String fixture, Dtype compute, double tolerance) throws IOException {
        LoraSettings settings = new LoraSettings(4, 3, 0, List.of("q", "v", "o", "up", "down"), true);
        try (LoraPolicy policy = trained(fixture, compute, settings)) {
            policy.save(directory, Map.of());
            try (Checkpoint merged = Checkpoint.open(model(fixture), directory);
                    Policy full = Policy.load(merged, compute)) {
                float[] given = logProbs(policy.decoder());
                assertThat(distance(given, logProbs(full.decoder()))).isLessThan(tolerance);
                assertThat(distance(given, logProbs(policy.base()))).isGreaterThan(0.3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, false", "qwen3, true", "qwen2, false", "mistral-f16, false"})
    void gradientsAreThoseOfTheMergedModel(String fixture, boolean checkpointing) throws IOException {
        LoraSettings settings = new LoraSettings(3, 5, 0, LoraSettings.TARGETS, true);
        Optimization optimization =
                new Optimization(Schedule.constant(1e-3), 0.9, 0.999, 1e-8, 0, 1, 60, checkpointing);
        try (LoraPolicy policy = trained(fixture, Dtype.F32, settings)) {
            policy.save(directory, Map.of());
            try (Checkpoint merged = Checkpoint.open(model(fixture), directory);
                    Policy full = Policy.load(merged, Dtype.F32);
                    GradientStep step = new GradientStep(policy, optimization);
                    GradientStep ofFull = new GradientStep(full, optimization)) {
                step.accumulate(traces(), batch -> logLikelihood());
                ofFull.accumulate(traces(), batch -> logLikelihood());
                for (String module : settings.modules(policy.config())) {
                    requireProjected(policy, full, module, settings.scale());
                }
            }
        }
    }

    private static TokenLoss logLikelihood() {
        return (from, logProbs, entropies, logProbGradient, entropyGradient) -> Arrays.fill(logProbGradient, 0.1f);
    }

    /** dA = s B^T dW, dB = s dW A^T. */
    private static void requireProjected(Policy policy, Policy full, String module, double scale) {
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = full.weights().gradient(module + ".weight");
            Tensor a = policy.weights().master(LoraSettings.a(module));
            Tensor b = policy.weights().master(LoraSettings.b(module));
            Tensor ofA = b.t().matmul(weight).mul(Tensors.scalar(scale));
            Tensor ofB = weight.matmul(a.t()).mul(Tensors.scalar(scale));
            assertThat(off(policy.weights().gradient(LoraSettings.a(module)), ofA))
                    .as("A of %s", module)
                    .isLessThan(1e-5);
            assertThat(off(policy.weights().gradient(LoraSettings.b(module)), ofB))
                    .as("B of %s", module)
                    .isLessThan(1e-5);
        }
    }

    private static double off(Tensor given, Tensor expected) {
        return given.sub(expected).norm().item_double() / expected.norm().item_double();
    }

    /** The change of the loss along a direction, by the gradient and by two evaluations with the same masks. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void gradientsWithDropoutAreTheSlopeOfTheLoss(boolean checkpointing) {
        LoraSettings settings = new LoraSettings(3, 5, 0.4, LoraSettings.TARGETS, false);
        Optimization optimization =
                new Optimization(Schedule.constant(1e-3), 0.9, 0.999, 1e-8, 0, 1, 60, checkpointing);
        try (LoraPolicy policy = trained("llama", Dtype.F32, settings);
                GradientStep step = new GradientStep(policy, optimization)) {
            double distance = 2e-3;
            loss(step);
            float[] gradient = TinyPolicies.gradients(policy);
            double norm = policy.weights().gradientNorm();
            shift(policy, gradient, distance / norm);
            double above = loss(step);
            shift(policy, gradient, -2 * distance / norm);
            double below = loss(step);
            assertThat((above - below) / (2 * distance)).isCloseTo(norm, within(0.01 * norm));
        }
    }

    private static double loss(GradientStep step) {
        double[] sum = {0};
        step.accumulate(traces(), batch -> (from, logProbs, entropies, logProbGradient, entropyGradient) -> {
            for (float logProb : logProbs) {
                sum[0] += 0.1 * logProb;
            }
            Arrays.fill(logProbGradient, 0.1f);
        });
        return sum[0];
    }

    private static void shift(Policy policy, float[] direction, double factor) {
        Scoped.run(() ->
                policy.masters().add_(Tensors.of(direction, direction.length).mul(Tensors.scalar(factor))));
    }

    @Test
    void dropoutDependsOnSeedAndStepAlone() {
        LoraSettings settings = new LoraSettings(3, 5, 0.4, LoraSettings.TARGETS, false);
        Optimization optimization = TinyPolicies.optimization(1e-3, 60);
        try (LoraPolicy policy = trained("llama", Dtype.F32, settings);
                LoraPolicy again = trained("llama", Dtype.F32, settings);
                GradientStep step = new GradientStep(policy, optimization);
                GradientStep stepAgain = new GradientStep(again, optimization)) {
            loss(step);
            loss(stepAgain);
            float[] first = TinyPolicies.gradients(policy);
            assertThat(first).containsExactly(TinyPolicies.gradients(again));
            Scoped.run(() -> policy.weights().gradients().zero_());
            step.apply(0);
            loss(step);
            assertThat(TinyPolicies.gradients(policy)).isNotEqualTo(first);
            // Inference has no dropout.
            assertThat(logProbs(policy.decoder())).containsExactly(logProbs(policy.decoder()));
        }
    }

    @Test
    void aSavedUpdateIsTheOneThatIsLoaded() throws IOException {
        try (LoraPolicy policy = trained("qwen3", Dtype.F32, ALL);
                Checkpoint base = Checkpoint.open(model("qwen3"))) {
            policy.save(directory, Map.of());
            LoraWriter.Base name = new LoraWriter.Base("ORG/NAME", "v1");
            try (LoraPolicy loaded = LoraPolicy.resume(base, Dtype.F32, ALL, name, 9, directory)) {
                assertThat(TinyPolicies.masters(loaded)).containsExactly(TinyPolicies.masters(policy));
                assertThat(logProbs(loaded.decoder())).containsExactly(logProbs(policy.decoder()));
            }
            LoraSettings other = new LoraSettings(3, 7, 0, LoraSettings.TARGETS, false);
            assertThatThrownBy(() -> LoraPolicy.resume(base, Dtype.F32, other, name, 9, directory))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("adapter_config.json has other modules, another rank or another scale");
        }
    }

    @Test
    void trainingChangesTheUpdateAlone() {
        List<Trace> traces = traces();
        try (LoraPolicy policy = begin("llama", Dtype.F32, ALL);
                SupervisedLearner learner = new SupervisedLearner(policy, TinyPolicies.optimization(0.01, 100))) {
            float[] base = logProbs(policy.base());
            double first = learner.update(traces).loss();
            for (int i = 0; i < 20; i++) {
                learner.update(traces);
            }
            assertThat(learner.validationLoss(traces)).isLessThan(first - 0.2);
            assertThat(logProbs(policy.base())).containsExactly(base);
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRejected() {
        try (LoraPolicy policy = begin("llama", Dtype.F32, ALL)) {
            Scoped.run(() -> policy.masters().fill_(Tensors.scalar(Double.NaN)));
            assertThatThrownBy(policy::updateDecoders)
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessageContaining("low-rank update");
        }
    }
}
