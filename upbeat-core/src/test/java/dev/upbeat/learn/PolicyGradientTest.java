package dev.upbeat.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.observe.GradientNorms;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of the GRPO loss with token credit: against PyTorch, and against themselves cut otherwise. */
@ExtendWith(OneThread.class)
class PolicyGradientTest {
    /** Sums over blocks of rows add one rounding for each block, which shows in the small gradients of biases. */
    private static final double EACH = Kernels.current().scores() == Kernels.Scores.BLOCKS ? 2e-5 : 1e-5;

    private static final int ALL_AT_ONCE = 100_000;

    /** Of f32, in models whose attention is made sharp; {@link LearnerTest} has 1e-6 for a plain one. */
    private static final double ROUNDING = 5e-6;

    static List<GoldenPolicyGradient> goldens() {
        return GoldenPolicyGradient.all();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void gradientsAreThoseOfPyTorch(GoldenPolicyGradient golden) {
        Found found = gradients(golden, golden.samples(), ALL_AT_ONCE, false, Dtype.F32);
        assertThat(found.loss).as("loss").isCloseTo(golden.loss(), within(1e-6 + 1e-5 * Math.abs(golden.loss())));
        assertThat(found.clipped).as("clipped tokens").isEqualTo(golden.clippedTokens());
        assertThat(found.gradients.keySet()).isEqualTo(golden.gradients().keySet());
        golden.gradients().forEach((name, expected) -> {
            float[] given = requireNonNull(found.gradients.get(name));
            double off = 0;
            double length = 0;
            for (int i = 0; i < expected.values().length; i++) {
                off += Math.pow(given[i * expected.step()] - expected.values()[i], 2);
                length += Math.pow(expected.values()[i], 2);
            }
            assertThat(Math.sqrt(off / length))
                    .as("relative difference of %s", name)
                    .isLessThan(1e-5);
            assertThat(norm(given)).as("norm of %s", name).isCloseTo(expected.norm(), within(1e-5 * expected.norm()));
        });
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void theCutIntoMicroBatchesDoesNotMatter(GoldenPolicyGradient golden) {
        Found whole = gradients(golden, golden.samples(), ALL_AT_ONCE, false, Dtype.F32);
        assertClose(gradients(golden, golden.samples(), 40, false, Dtype.F32), whole, ROUNDING);
        assertClose(gradients(golden, golden.samples(), 1, false, Dtype.F32), whole, ROUNDING); // each response alone
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void theOrderOfResponsesDoesNotMatter(GoldenPolicyGradient golden) {
        List<PolicySample> shuffled = new ArrayList<>(golden.samples());
        Collections.shuffle(shuffled, new Random(1));
        assertClose(
                gradients(golden, shuffled, ALL_AT_ONCE, false, Dtype.F32),
                gradients(golden, golden.samples(), ALL_AT_ONCE, false, Dtype.F32),
                ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void layersThatRunAgainGiveTheSameGradients(GoldenPolicyGradient golden) {
        assertClose(
                gradients(golden, golden.samples(), 60, true, Dtype.F32),
                gradients(golden, golden.samples(), 60, false, Dtype.F32),
                ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void bfloat16GradientsPointTheSameWay(GoldenPolicyGradient golden) {
        Found exact = gradients(golden, golden.samples(), ALL_AT_ONCE, false, Dtype.F32);
        Found rounded = gradients(golden, golden.samples(), ALL_AT_ONCE, false, Dtype.BF16);
        double product = 0;
        double exactSquares = 0;
        double roundedSquares = 0;
        for (String name : exact.gradients.keySet()) {
            float[] a = requireNonNull(exact.gradients.get(name));
            float[] b = requireNonNull(rounded.gradients.get(name));
            for (int i = 0; i < a.length; i++) {
                product += (double) a[i] * b[i];
                exactSquares += (double) a[i] * a[i];
                roundedSquares += (double) b[i] * b[i];
            }
        }
        assertThat(product / Math.sqrt(exactSquares * roundedSquares))
                .as("cosine")
                .isGreaterThan(0.98);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void inputGradientNormsAreThoseOfPyTorch(GoldenPolicyGradient golden) {
        try (Policy policy = golden.policy(Dtype.F32)) {
            List<float[]> norms = GradientNorms.of(
                    policy.decoder(),
                    golden.samples().stream().map(PolicySample::trace).toList());
            double[] expected = golden.inputGradientNorms();
            assertThat(norms.get(1)).hasSize(expected.length);
            for (int t = 0; t < expected.length; t++) {
                assertThat((double) norms.get(1)[t])
                        .as("token %d", t)
                        .isCloseTo(expected[t], within(1e-5 * (1 + expected[t])));
            }
        }
    }

    private record Found(double loss, long clipped, Map<String, float[]> gradients) {}

    private static Found gradients(
            GoldenPolicyGradient golden,
            List<PolicySample> samples,
            int microBatchTokens,
            boolean checkpointing,
            Dtype dtype) {
        Optimization optimization =
                new Optimization(Schedule.constant(1e-3), 0.9, 0.999, 1e-8, 0, 1, microBatchTokens, checkpointing);
        PolicyLoss policyLoss = golden.policyLoss();
        try (Policy policy = golden.policy(dtype);
                GradientStep step = new GradientStep(policy, optimization)) {
            double[] weights = policyLoss.tokenWeights(samples);
            int[] computed = IntStream.range(0, samples.size())
                    .filter(i -> !policyLoss.skips(samples.get(i)))
                    .toArray();
            List<PolicySample> taken =
                    Arrays.stream(computed).mapToObj(samples::get).toList();
            MinibatchLoss loss = new MinibatchLoss(
                    policyLoss,
                    taken,
                    Arrays.stream(computed).mapToDouble(i -> weights[i]).toArray());
            step.accumulate(taken.stream().map(PolicySample::trace).toList(), loss::of);
            Map<String, float[]> gradients = new TreeMap<>();
            for (String name : policy.layout().names()) {
                try (PointerScope scope = new PointerScope()) {
                    gradients.put(name, Tensors.toFloats(policy.weights().gradient(name)));
                }
            }
            UpdateStats.Sums sums = loss.sums();
            return new Found(loss.value(), sums.clippedLow() + sums.clippedHigh(), gradients);
        }
    }

    /** Each weight's gradient to {@link #EACH} of its norm, and all of them together to {@code tolerance}. */
    private static void assertClose(Found given, Found expected, double tolerance) {
        double allOff = 0;
        double all = 0;
        for (String name : expected.gradients.keySet()) {
            float[] gradient = requireNonNull(expected.gradients.get(name));
            float[] other = requireNonNull(given.gradients.get(name));
            double off = 0;
            for (int i = 0; i < gradient.length; i++) {
                off += Math.pow(other[i] - gradient[i], 2);
            }
            assertThat(Math.sqrt(off) / norm(gradient))
                    .as("relative difference of %s", name)
                    .isLessThan(EACH);
            allOff += off;
            all += Math.pow(norm(gradient), 2);
        }
        assertThat(Math.sqrt(allOff / all))
                .as("relative difference of the whole gradient")
                .isLessThan(tolerance);
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
