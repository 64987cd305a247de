package dev.upbeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.Seeds;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Weights by value norm against dense maps, f64, from the definition: A times the norms, each row over its sum. */
@ExtendWith(OneThread.class)
class ObservedAttentionTest {
    private static final int D = 8;
    private static final double SCALE = 0.3;

    /**
     * One layer.
     *
     * @param window latest keys that a query attends to; 0 for all
     */
    private record Shape(int batch, int heads, int kvHeads, int n, int window) {}

    @Test
    void weightsByValueNormEqualTheDenseDefinition() {
        Seeds.forEach(60, random -> {
            int kvHeads = random.nextInt(1, 4);
            Shape shape = new Shape(
                    random.nextInt(1, 3),
                    kvHeads * random.nextInt(1, 4),
                    kvHeads,
                    random.nextInt(1, 40),
                    random.nextInt(3) * 3);
            check(random, shape, ScalarType.Float, 1e-5, 1e-4);
            boolean tiles = CpuFeatures.multipliesBf16Tiles();
            if (tiles) { // elsewhere bf16 attention is never used
                check(random, shape, ScalarType.BFloat16, 5e-4, 0.5);
            }
        });
    }

    /** Scores of some hundred have an f32 rounding of some 1e-5. */
    @Test
    void attentionToSeveralBlocksOfAWindowIsTheDenseDefinition() {
        check(new SplittableRandom(5), new Shape(1, 4, 2, 1100, 300), ScalarType.Float, 5e-5, 1e-2);
    }

    private static void check(
            SplittableRandom random, Shape shape, ScalarType type, double tolerance, double keyTolerance) {
        try (PointerScope scope = new PointerScope()) {
            Tensor q = draw(random, shape.batch, shape.heads, shape.n, 3);
            Tensor k = draw(random, shape.batch, shape.kvHeads, shape.n, 1);
            Tensor v = draw(random, shape.batch, shape.kvHeads, shape.n, 1);
            Decoder.Qkv qkv = new Decoder.Qkv(q, k, v);
            ObservedAttention plain = ObservedAttention.of(qkv, type, shape.window, SCALE, false);
            ObservedAttention weighted = ObservedAttention.of(qkv, type, shape.window, SCALE, true);
            assertThat(Tensors.toFloats(weighted.output().narrow(3, 0, D).to(ScalarType.Float)))
                    .as("the layer's output")
                    .isEqualTo(Tensors.toFloats(plain.output().narrow(3, 0, D).to(ScalarType.Float)));
            compare(
                    shape,
                    Tensors.toFloats(q),
                    Tensors.toFloats(k),
                    Tensors.toFloats(v),
                    weighted,
                    tolerance,
                    keyTolerance);
        }
    }

    /** Values rounded to bf16, so that both types of attention read the same; rows differ in size. */
    private static Tensor draw(SplittableRandom random, int batch, int heads, int n, double size) {
        float[] values = new float[batch * heads * n * D];
        for (int i = 0; i < values.length; i++) {
            double row = Math.exp(new SplittableRandom(i / D).nextGaussian());
            values[i] = (float) (size * row * random.nextGaussian() / 3);
        }
        return Tensors.of(values, batch, heads, n, D).to(ScalarType.BFloat16).to(ScalarType.Float);
    }

    private static void compare(
            Shape shape,
            float[] q,
            float[] k,
            float[] v,
            ObservedAttention observed,
            double tolerance,
            double keyTolerance) {
        LayerAttention layer = observed.attention();
        float[] wideQ = Tensors.toFloats(layer.q());
        float[] wideK = Tensors.toFloats(layer.k());
        float[] lse = Tensors.toFloats(layer.lse());
        float[] meanKey = Tensors.toFloats(layer.meanKey());
        int wide = D + PositionColumns.WIDTH;
        for (int row = 0; row < shape.batch * shape.heads * shape.n; row++) {
            int t = row % shape.n;
            int head = row / shape.n;
            int kv = head / shape.heads * shape.kvHeads + head % shape.heads / (shape.heads / shape.kvHeads);
            int first = shape.window == 0 ? 0 : Math.max(0, t - shape.window + 1);
            double[] weights = new double[shape.n];
            double total = 0;
            for (int s = first; s <= t; s++) {
                int key = kv * shape.n + s;
                double norm = Math.sqrt(dot(v, key, v, key, D));
                weights[s] = Math.exp(SCALE * dot(q, row, k, key, D)) * norm;
                total += weights[s];
            }
            double mean = 0;
            for (int s = first; s <= t; s++) {
                mean += weights[s] / total * s;
                double given = Math.exp(SCALE * dot(wideQ, row, wideK, kv * shape.n + s, wide) - lse[row]);
                assertThat(given)
                        .as("weight of row %d, key %d", row, s)
                        .isCloseTo(weights[s] / total, within(tolerance));
            }
            assertThat((double) meanKey[row]).as("mean key of row %d", row).isCloseTo(mean, within(keyTolerance));
        }
    }

    private static double dot(float[] a, int rowA, float[] b, int rowB, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (double) a[rowA * width + i] * b[rowB * width + i];
        }
        return sum;
    }

    @Test
    void valuesOfZeroGiveNoWeightAndNoNan() {
        try (PointerScope scope = new PointerScope()) {
            Tensor one = Tensors.of(new float[] {1, 1}, 1, 1, 2, 1);
            Tensor v = Tensors.of(new float[] {0, 2}, 1, 1, 2, 1);
            LayerAttention layer = ObservedAttention.of(new Decoder.Qkv(one, one, v), ScalarType.Float, 0, SCALE, true)
                    .attention();
            assertThat(Tensors.toFloats(layer.meanKey())).containsExactly(new float[] {0, 1}, within(1e-6f));
        }
    }
}
