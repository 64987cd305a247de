package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.OneThread;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class OperatorsTest {
    @AfterEach
    void backToOneThread() {
        Libtorch.start(1);
    }

    /** Rounding to bf16 would cost three decimal digits more than this allows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void batchedProductsAreThoseOfDoublesInFullPrecision(int threads) {
        Libtorch.start(threads);
        int batch = 5;
        int m = 33;
        int n = 47;
        int inner = 41;
        Random random = new Random(3);
        float[] x = values(random, batch * m * inner);
        float[] y = values(random, batch * n * inner);
        try (PointerScope scope = new PointerScope()) {
            float[] products = Tensors.toFloats(
                    Operators.products(Tensors.of(x, batch, m, inner), Tensors.of(y, batch, n, inner)));
            for (int b = 0; b < batch; b++) {
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double expected = 0;
                        for (int d = 0; d < inner; d++) {
                            expected += (double) x[(b * m + i) * inner + d] * y[(b * n + j) * inner + d];
                        }
                        assertThat((double) products[(b * m + i) * n + j])
                                .as("product %d, entry %d %d", b, i, j)
                                .isEqualTo(expected, within(2e-5));
                    }
                }
            }
        }
    }

    @Test
    void aBatchedProductKeepsThePrecisionOfOthers() {
        Libtorch.start(2);
        try (PointerScope scope = new PointerScope()) {
            var before = torch.globalContext()
                    .float32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL)
                    .intern();
            Operators.products(Tensors.of(new float[4], 1, 2, 2), Tensors.of(new float[4], 1, 2, 2));
            assertThat(torch.globalContext()
                            .float32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL)
                            .intern())
                    .isEqualTo(before);
        }
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
