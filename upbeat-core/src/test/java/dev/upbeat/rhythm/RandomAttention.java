package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/**
 * Random queries and keys of one layer, as tensors for the kernels and as full maps for their naive twins.
 *
 * @param maps [B][H][N][N], f64
 */
record RandomAttention(LayerAttention layer, double[][][][] maps) {
    /** No power of two, so that whoever forgets it, or applies it twice, is seen. */
    private static final double SCALE = 0.3;

    /** @param window latest keys that a query sees; n or more for all */
    static RandomAttention draw(SplittableRandom random, int batch, int heads, int kvHeads, int n, int d, int window) {
        float[] q = gaussian(random, batch * heads * n * d, 2.0 / SCALE);
        float[] k = gaussian(random, batch * kvHeads * n * d, 1.0);
        float[] lse = new float[batch * heads * n];
        float[] meanKey = new float[batch * heads * n];
        double[][][][] maps = new double[batch][heads][n][n];
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                int kv = h / (heads / kvHeads);
                for (int t = 0; t < n; t++) {
                    double total = 0;
                    for (int s = Math.max(0, t - window + 1); s <= t; s++) {
                        double score = 0;
                        for (int i = 0; i < d; i++) {
                            score += (double) q[((b * heads + h) * n + t) * d + i]
                                    * k[((b * kvHeads + kv) * n + s) * d + i];
                        }
                        maps[b][h][t][s] = Math.exp(SCALE * score);
                        total += maps[b][h][t][s];
                    }
                    double mean = 0;
                    for (int s = 0; s <= t; s++) {
                        maps[b][h][t][s] /= total;
                        mean += maps[b][h][t][s] * s;
                    }
                    lse[(b * heads + h) * n + t] = (float) Math.log(total);
                    meanKey[(b * heads + h) * n + t] = (float) mean;
                }
            }
        }
        Tensor queries = Tensors.of(q, batch, heads, n, d);
        Tensor keys = Tensors.of(k, batch, kvHeads, n, d);
        return new RandomAttention(
                new LayerAttention(
                        queries,
                        keys,
                        SCALE,
                        Tensors.of(lse, batch, heads, n),
                        Tensors.of(meanKey, batch, heads, n),
                        window),
                maps);
    }

    private static float[] gaussian(SplittableRandom random, int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian() / Math.sqrt(8));
        }
        return values;
    }
}
