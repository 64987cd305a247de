package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.OneThread;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class Int8MatrixTest {
    private static final int ROWS = 5;
    private static final int INPUTS = 37;
    private static final int OUTPUTS = 21;

    private final float[] x = values(1, ROWS * INPUTS);
    private final float[] weight = values(2, OUTPUTS * INPUTS);

    /** Rounds and multiplies in doubles, value by value. */
    @Test
    void productsAreThoseOfRoundedNumbers() {
        Arrays.fill(x, INPUTS, 2 * INPUTS, 0); // a row of zeros
        Arrays.fill(weight, 0, INPUTS, 0); // an output of zeros
        float[] product = product(x);
        for (int n = 0; n < ROWS; n++) {
            double rowStep = step(x, n);
            for (int o = 0; o < OUTPUTS; o++) {
                double weightStep = step(weight, o);
                double expected = 0;
                for (int i = 0; i < INPUTS; i++) {
                    double steps = x[n * INPUTS + i] / rowStep;
                    double first = Math.rint(steps);
                    expected += (first + Math.rint((steps - first) * 254) / 254)
                            * Math.rint(weight[o * INPUTS + i] / weightStep)
                            * rowStep
                            * weightStep;
                }
                // One value may lie so near the middle of two of the fine steps that f32 rounds it to the other one.
                assertThat((double) product[n * OUTPUTS + o])
                        .as("row %d, output %d", n, o)
                        .isCloseTo(expected, within(1e-5 + 128 * rowStep / 254 * weightStep));
            }
        }
    }

    @Test
    void theErrorIsSmall() {
        float[] product = product(x);
        double off = 0;
        double all = 0;
        for (int n = 0; n < ROWS; n++) {
            for (int o = 0; o < OUTPUTS; o++) {
                double exact = 0;
                for (int i = 0; i < INPUTS; i++) {
                    exact += (double) x[n * INPUTS + i] * weight[o * INPUTS + i];
                }
                off += Math.pow(product[n * OUTPUTS + o] - exact, 2);
                all += exact * exact;
            }
        }
        assertThat(Math.sqrt(off / all))
                .as("relative error, of the weights alone")
                .isBetween(1e-4, 0.01);
    }

    /** Also beside a row a thousand times as large. */
    @Test
    void aRowDoesNotDependOnTheOthers() {
        for (int n = 0; n < ROWS; n++) {
            float[] row = Arrays.copyOfRange(x, n * INPUTS, (n + 1) * INPUTS);
            float[] beside = Arrays.copyOf(row, 2 * INPUTS);
            for (int i = 0; i < INPUTS; i++) {
                beside[INPUTS + i] = 1000 * row[i] - 500;
            }
            float[] alone = product(row);
            assertThat(alone).isEqualTo(Arrays.copyOfRange(product(x), n * OUTPUTS, (n + 1) * OUTPUTS));
            assertThat(alone).isEqualTo(Arrays.copyOf(product(beside), OUTPUTS));
        }
    }

    private float[] product(float[] rows) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            Int8Matrix matrix = Int8Matrix.of(Tensors.of(weight, OUTPUTS, INPUTS));
            Tensor product = matrix.multiply(Int8Matrix.Rows.of(Tensors.of(rows, 1, rows.length / INPUTS, INPUTS)));
            assertThat(product.size(0)).isEqualTo(1);
            float[] values = Tensors.toFloats(product);
            matrix.tensors().forEach(Tensor::close);
            return values;
        }
    }

    private static double step(float[] matrix, int row) {
        double largest = 1e-30;
        for (int i = 0; i < INPUTS; i++) {
            largest = Math.max(largest, Math.abs(matrix[row * INPUTS + i]));
        }
        return largest / 127;
    }

    private static float[] values(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
