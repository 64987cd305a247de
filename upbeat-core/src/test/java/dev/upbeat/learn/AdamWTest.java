package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class AdamWTest {
    private static final String MATRIX = "model.embed_tokens.weight";
    private static final String VECTOR = "model.norm.weight";

    /** A vector of the tiny model has 24 values; of the golden 32 these are compared, and all of the matrix's. */
    @Test
    void twentyStepsEqualPyTorchAndOnlyMatricesDecay() {
        JsonNode golden = GoldenPolicyGradient.json("adamw.json");
        AdamW.Settings settings = new AdamW.Settings(
                golden.required("beta1").doubleValue(),
                golden.required("beta2").doubleValue(),
                golden.required("epsilon").doubleValue(),
                golden.required("weight_decay").doubleValue());
        FlatWeights layout = new FlatWeights(TinyPolicies.config());
        try (AdamW adamW = new AdamW(layout, settings);
                PointerScope scope = new PointerScope()) {
            Tensor weights = Tensors.of(new float[(int) layout.size()], layout.size());
            Tensor gradients = Tensors.of(new float[(int) layout.size()], layout.size());
            fill(layout, weights, Math::cos);
            for (int k = 0; k < 20; k++) {
                double step = 1.3 * k;
                fill(layout, gradients, i -> Math.sin(i + step) * (1 + i % 3) / 10);
                adamW.step(
                        weights,
                        gradients,
                        golden.required("learning_rates").required(k).doubleValue());
            }
            assertThat(adamW.steps()).isEqualTo(20);
            check(layout.view(weights, MATRIX), golden.required("matrix"), 32);
            check(layout.view(weights, VECTOR), golden.required("vector"), 24);
        }
    }

    private static void fill(FlatWeights layout, Tensor flat, IntToDoubleFunction value) {
        for (String name : new String[] {MATRIX, VECTOR}) {
            Tensor view = layout.view(flat, name);
            float[] values = new float[(int) view.numel()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) value.applyAsDouble(i);
            }
            view.copy_(Tensors.of(values, values.length).view_as(view));
        }
    }

    private static void check(Tensor given, JsonNode golden, int count) {
        float[] values = Tensors.toFloats(given);
        double[] expected = GoldenPolicyGradient.doubles(golden);
        for (int i = 0; i < count; i++) {
            assertThat((double) values[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new AdamW.Settings(1, 0.9, 1e-8, 0)).hasMessageContaining("beta1 is 1.0");
        assertThatThrownBy(() -> new AdamW.Settings(0.9, -1, 1e-8, 0)).hasMessageContaining("beta2 is -1.0");
        assertThatThrownBy(() -> new AdamW.Settings(0.9, 0.9, 0, 0)).hasMessageContaining("epsilon is 0.0");
        assertThatThrownBy(() -> new AdamW.Settings(0.9, 0.9, 1, Double.NaN))
                .hasMessageContaining("weight decay is NaN");
    }
}
