package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.model.Decoder;
import dev.upbeat.rhythm.NaiveRhythm;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;

/**
 * Every head's N x N map over one trace, f64, by the softmax of the q and k that a forward pass shows; its lse is not used.
 *
 * @param layers layer -> [H][N][N]
 */
record WholeMaps(Map<Integer, double[][][]> layers) {
    static WholeMaps of(Decoder decoder, Trace trace) {
        Map<Integer, double[][][]> layers = new TreeMap<>();
        AttentionHook hook = new AttentionHook() {
            @Override
            public boolean wants(int layer) {
                return true;
            }

            @Override
            public void observe(int layer, LayerAttention attention) {
                layers.put(layer, softmax(attention));
            }
        };
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false)) {
            long[] ids = Arrays.stream(trace.ids()).asLongStream().toArray();
            decoder.forward(Tensors.of(ids, 1, ids.length), hook);
        }
        return new WholeMaps(layers);
    }

    /** The maps times the norms of the values, each row over its sum: weights by value norm by their definition. */
    WholeMaps times(Map<Integer, double[][]> norms) {
        Map<Integer, double[][][]> weighted = new TreeMap<>();
        layers.forEach((layer, maps) -> {
            double[][] ofLayer = Objects.requireNonNull(norms.get(layer));
            int group = maps.length / ofLayer.length;
            double[][][] products = new double[maps.length][][];
            for (int h = 0; h < maps.length; h++) {
                double[] norm = ofLayer[h / group];
                products[h] =
                        Arrays.stream(maps[h]).map(row -> weighted(row, norm)).toArray(double[][]::new);
            }
            weighted.put(layer, products);
        });
        return new WholeMaps(weighted);
    }

    private static double[] weighted(double[] row, double[] norm) {
        double[] products = new double[row.length];
        double total = 0;
        for (int s = 0; s < row.length; s++) {
            products[s] = row[s] * norm[s];
            total += products[s];
        }
        for (int s = 0; s < row.length; s++) {
            products[s] /= total;
        }
        return products;
    }

    /** Abar of a group, [N][N]. */
    double[][] mean(List<Head> group) {
        double[][][] maps = group.stream()
                .map(head -> Objects.requireNonNull(layers.get(head.layer()))[head.head()])
                .toArray(double[][][]::new);
        int[] all = new int[maps.length];
        Arrays.setAll(all, i -> i);
        return NaiveRhythm.mean(maps, all);
    }

    private static double[][][] softmax(LayerAttention seen) {
        int heads = (int) seen.q().size(1);
        int group = heads / (int) seen.k().size(1);
        int n = (int) seen.q().size(2);
        int d = (int) seen.q().size(3);
        float[] q = Tensors.toFloats(seen.q());
        float[] k = Tensors.toFloats(seen.k());
        double[][][] maps = new double[heads][n][n];
        for (int h = 0; h < heads; h++) {
            for (int t = 0; t < n; t++) {
                int first = (int) Math.max(0, (long) t - seen.slidingWindow() + 1);
                double total = 0;
                for (int s = first; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < d; i++) {
                        score += (double) q[(h * n + t) * d + i] * k[(h / group * n + s) * d + i];
                    }
                    maps[h][t][s] = Math.exp(seen.scale() * score);
                    total += maps[h][t][s];
                }
                for (int s = first; s <= t; s++) {
                    maps[h][t][s] /= total;
                }
            }
        }
        return maps;
    }

    /** Value by value; NaN where NaN is expected. */
    static void assertClose(String what, float[] given, double[] expected, double tolerance) {
        assertThat(given).as(what).hasSize(expected.length);
        for (int i = 0; i < given.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(given[i]).as("%s [%d]", what, i).isNaN();
            } else {
                assertThat((double) given[i]).as("%s [%d]", what, i).isCloseTo(expected[i], within(tolerance));
            }
        }
    }
}
