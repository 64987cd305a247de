package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.testing.TwoThreads;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, loss and gradients of a critic against PyTorch in float64 ({@code learn/value-gradients.json}). */
@ExtendWith(OneThread.class)
class CriticGradientTest {
    /** Relative, for f32 sums. */
    private static final double TOLERANCE = 1e-5;

    static List<JsonNode> goldens() {
        return StreamSupport.stream(
                        GoldenPolicyGradient.json("value-gradients.json").spliterator(), false)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void valuesAndGradientsAreThoseOfPyTorch(JsonNode golden) {
        check(golden, 100_000, false, golden.required("embedding").booleanValue());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void theCutIntoMicroBatchesDoesNotMatter(JsonNode golden) {
        check(golden, 1, true, golden.required("embedding").booleanValue());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void workersGiveTheSameValuesAndGradients(JsonNode golden) {
        boolean done = TwoThreads.get(() -> {
            check(golden, 60, false, golden.required("embedding").booleanValue());
            return true;
        });
        assertThat(done).isTrue();
    }

    private static void check(JsonNode golden, int microBatchTokens, boolean checkpointing, boolean trainsEmbedding) {
        Optimization optimization =
                new Optimization(Schedule.constant(1e-3), 0.9, 0.999, 1e-8, 0, 1, microBatchTokens, checkpointing);
        List<Trace> traces = new ArrayList<>();
        double[] returns = new double[golden.required("samples").size()];
        golden.required("samples").forEach(row -> {
            returns[traces.size()] = row.required("return").doubleValue();
            traces.add(new Trace(
                    "" + traces.size(),
                    ints(row.required("prompt_ids")),
                    ints(row.required("response_ids")),
                    null,
                    1,
                    null));
        });
        String model = golden.required("model").textValue();
        try (Checkpoint checkpoint = Checkpoint.open(ParityFixture.named(model).directory());
                PointerScope scope = new PointerScope()) {
            ModelConfig config =
                    checkpoint.config().firstLayers(golden.required("layers").intValue());
            Tensor embedding = trainsEmbedding ? null : checkpoint.weights().read(Critic.EMBEDDING, Dtype.F32);
            try (Critic critic = new Critic(config, checkpoint.weights(), embedding, Dtype.F32, optimization)) {
                double[] head = GoldenPolicyGradient.doubles(golden.required("head"));
                float[] rounded = new float[head.length];
                IntStream.range(0, head.length).forEach(i -> rounded[i] = (float) head[i]);
                Scoped.run(() -> critic.weights().master(Critic.HEAD).copy_(Tensors.of(rounded, 1, head.length)));
                checkValues(golden, critic.values(traces));
                double loss = golden.required("loss").doubleValue();
                assertThat(critic.accumulate(traces, returns)).isCloseTo(loss, within(TOLERANCE * loss));
                checkGradients(golden.required("gradients"), critic);
            }
        }
    }

    private static void checkValues(JsonNode golden, float[][] values) {
        for (int i = 0; i < values.length; i++) {
            double[] expected = GoldenPolicyGradient.doubles(
                    golden.required("samples").required(i).required("values"));
            assertThat(values[i]).hasSize(expected.length);
            for (int t = 0; t < expected.length; t++) {
                assertThat((double) values[i][t])
                        .as("response %d token %d", i, t)
                        .isCloseTo(expected[t], within(TOLERANCE * (1 + Math.abs(expected[t]))));
            }
        }
    }

    private static void checkGradients(JsonNode gradients, Critic critic) {
        List<String> names = new ArrayList<>();
        gradients.fieldNames().forEachRemaining(names::add);
        assertThat(critic.weights().layout().names()).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            JsonNode expected = gradients.required(name);
            float[] given = Tensors.toFloats(critic.weights().gradient(name));
            double norm = expected.required("norm").doubleValue();
            double squares = 0;
            for (float value : given) {
                squares += (double) value * value;
            }
            assertThat(Math.sqrt(squares)).as("norm of %s", name).isCloseTo(norm, within(TOLERANCE * norm));
            double[] values = GoldenPolicyGradient.doubles(expected.required("values"));
            int step = expected.required("step").intValue();
            for (int i = 0; i < values.length; i++) {
                assertThat((double) given[i * step])
                        .as("%s, value %d", name, i * step)
                        .isCloseTo(values[i], within(TOLERANCE * norm));
            }
        }
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
