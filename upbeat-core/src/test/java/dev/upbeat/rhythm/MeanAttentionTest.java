package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Links and map windows against the mean of whole maps. */
class MeanAttentionTest {
    private static final int HEADS = 4;
    private static final int ALL = 99_999;

    private static final List<Head> GLOBAL = List.of(new Head(1, 0), new Head(1, 3), new Head(5, 2));
    private static final List<Head> LOCAL = List.of(new Head(5, 0), new Head(5, 1));

    @Test
    void linksAreTheStrongestEarlierKeys() {
        Seeds.forEach(5, random -> links(random, 3, 40, 8, ALL));
    }

    @Test
    void linksHoldAcrossBlocksOfQueries() {
        Seeds.forEach(2, random -> links(random, 10, 300, 8, ALL));
        Seeds.forEach(2, random -> links(random, 128, 257, 3, ALL));
    }

    @Test
    void oneResponseTokenHasLinksToItsPrompt() {
        Seeds.forEach(3, random -> links(random, 20, 21, 8, ALL));
    }

    @Test
    void missingLinksAreFilledUp() {
        Seeds.forEach(3, random -> links(random, 1, 6, 8, ALL));
        try (PointerScope scope = new PointerScope()) {
            Attention attention = Attention.draw(new SplittableRandom(1), 6, ALL);
            Links links = attention.on(0).links(GLOBAL, LOCAL, 1, 6, 3);
            assertThat(links.globalPositions()[0]).containsExactly(0, -1, -1);
            assertThat(links.localWeights()[0][0]).isPositive();
            assertThat(links.localWeights()[0]).endsWith(0, 0);
        }
    }

    @Test
    void aSlidingWindowHidesFarKeys() {
        Seeds.forEach(3, random -> links(random, 5, 60, 8, 16));
        Seeds.forEach(3, random -> windows(random, 60, 16));
    }

    @Test
    void tiesGoToTheEarlierKey() {
        int n = 200;
        try (PointerScope scope = new PointerScope()) {
            LayerAttention layer = RandomAttention.draw(new SplittableRandom(3), 1, 2, 1, n, 8, ALL)
                    .layer();
            float[] lse = new float[2 * n];
            for (int i = 0; i < lse.length; i++) {
                lse[i] = (float) Math.log(i % n + 1);
            }
            LayerAttention uniform = new LayerAttention(
                    layer.q(),
                    Tensors.zeros(ScalarType.Float, 1, 1, n, 8),
                    layer.scale(),
                    Tensors.of(lse, 1, 2, n),
                    layer.meanKey(),
                    ALL);
            Links links = new MeanAttention(Map.of(0, uniform), 0)
                    .links(List.of(new Head(0, 1)), List.of(new Head(0, 0)), 10, n, 4);
            for (int t = 10; t < n; t++) {
                assertThat(links.globalPositions()[t - 10]).as("query %d", t).containsExactly(0, 1, 2, 3);
                assertThat(links.localWeights()[t - 10][3]).isCloseTo(1f / (t + 1), within(1e-6f));
            }
        }
    }

    @Test
    void aMapWindowIsThatPartOfTheMeanMaps() {
        Seeds.forEach(4, random -> windows(random, 45, ALL));
    }

    private static void links(SplittableRandom random, int prompt, int n, int count, int window) {
        try (PointerScope scope = new PointerScope()) {
            Attention attention = Attention.draw(random, n, window);
            for (int b = 0; b < 2; b++) {
                Links links = attention.on(b).links(GLOBAL, LOCAL, prompt, n, count);
                assertLinks(attention.mean(b, GLOBAL), prompt, count, links.globalPositions(), links.globalWeights());
                assertLinks(attention.mean(b, LOCAL), prompt, count, links.localPositions(), links.localWeights());
            }
        }
    }

    private static void assertLinks(double[][] map, int prompt, int count, int[][] positions, float[][] weights) {
        assertThat(positions).hasDimensions(map.length - prompt, count);
        LinkChecks.assertStrongest("link", map, prompt, positions, weights, 2e-6);
    }

    private static void windows(SplittableRandom random, int n, int window) {
        try (PointerScope scope = new PointerScope()) {
            Attention attention = Attention.draw(random, n, window);
            for (int[] range : new int[][] {{0, n}, {7, 30}, {n - 1, n}, {0, 1}}) {
                for (int b = 0; b < 2; b++) {
                    MeanMaps part = attention.on(b).maps(GLOBAL, LOCAL, range[0], range[1]);
                    assertThat(part.start()).isEqualTo(range[0]);
                    assertThat(part.end()).isEqualTo(range[1]);
                    assertMap(attention.mean(b, GLOBAL), range[0], range[1], part.global());
                    assertMap(attention.mean(b, LOCAL), range[0], range[1], part.local());
                }
            }
        }
    }

    private static void assertMap(double[][] map, int start, int end, float[] part) {
        int size = end - start;
        assertThat(part).hasSize(size * size);
        for (int t = 0; t < size; t++) {
            for (int s = 0; s < size; s++) {
                double expected = map[start + t][start + s];
                assertThat((double) part[t * size + s]).as("A[%d,%d]", t, s).isCloseTo(expected, within(2e-6));
                if (expected == 0) {
                    assertThat(part[t * size + s]).as("A[%d,%d]", t, s).isZero();
                }
            }
        }
    }

    /** Two layers, 1 and 5, of a batch of two. */
    private record Attention(Map<Integer, RandomAttention> layers) {
        static Attention draw(SplittableRandom random, int n, int window) {
            return new Attention(Map.of(
                    1, RandomAttention.draw(random, 2, HEADS, 2, n, 8, window),
                    5, RandomAttention.draw(random, 2, HEADS, 1, n, 8, window)));
        }

        MeanAttention on(int sequence) {
            Map<Integer, LayerAttention> kept = new TreeMap<>();
            layers.forEach((layer, attention) -> kept.put(layer, attention.layer()));
            return new MeanAttention(kept, sequence);
        }

        double[][] mean(int sequence, List<Head> group) {
            double[][][] maps = group.stream()
                    .map(head ->
                            Objects.requireNonNull(layers.get(head.layer())).maps()[sequence][head.head()])
                    .toArray(double[][][]::new);
            int[] all = new int[maps.length];
            Arrays.setAll(all, i -> i);
            return NaiveRhythm.mean(maps, all);
        }
    }
}
