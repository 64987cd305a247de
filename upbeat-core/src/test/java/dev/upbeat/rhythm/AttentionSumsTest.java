package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Horizon;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The streaming sums against the same numbers from the whole map. */
class AttentionSumsTest {
    private static final int OPEN = Horizon.END;

    @Test
    void aBandOfKeysGivesTheWholeMapsRhythm() {
        Seeds.forEach(6, random -> check(random, new int[] {7}, new int[] {150}, 6, 2, 16, 999, 10, 10, 100, false));
    }

    @Test
    void anOpenHorizonSumsTheWholeTriangle() {
        Seeds.forEach(3, random -> check(random, new int[] {20}, new int[] {700}, 4, 2, 8, 9999, 10, 1, OPEN, true));
    }

    @Test
    void aClosedHorizonAndReceiversAreTakenInOnePass() {
        Seeds.forEach(3, random -> check(random, new int[] {3}, new int[] {640}, 2, 1, 8, 9999, 10, 10, 50, true));
    }

    @Test
    void sequencesOfUnequalLengthsKeepToThemselves() {
        int[] prompts = {1, 40, 7, 100};
        int[] lengths = {2, 333, 8, 101};
        Seeds.forEach(3, random -> check(random, prompts, lengths, 6, 3, 8, 9999, 10, 1, OPEN, true));
        Seeds.forEach(3, random -> check(random, prompts, lengths, 6, 3, 8, 9999, 10, 10, 100, false));
    }

    @Test
    void onlyTheLastKeysOfALongPromptAreRead() {
        Seeds.forEach(3, random -> check(random, new int[] {500}, new int[] {560}, 2, 2, 8, 9999, 10, 10, 30, false));
        Seeds.forEach(3, random -> check(random, new int[] {900}, new int[] {1300}, 2, 1, 8, 9999, 10, 3, OPEN, true));
    }

    @Test
    void aSlidingWindowShorterThanTheHorizonHidesFarKeys() {
        Seeds.forEach(3, random -> check(random, new int[] {9}, new int[] {300}, 4, 2, 8, 16, 10, 1, OPEN, true));
        Seeds.forEach(3, random -> check(random, new int[] {9}, new int[] {300}, 4, 2, 8, 16, 20, 10, 100, false));
        Seeds.forEach(3, random -> check(random, new int[] {9}, new int[] {300}, 4, 2, 8, 5, 10, 10, 100, true));
    }

    @Test
    void aSlidingWindowAtABlocksEndHidesFarKeys() {
        Seeds.forEach(3, random -> check(random, new int[] {9}, new int[] {600}, 2, 1, 8, 17, 10, 1, OPEN, true));
        Seeds.forEach(3, random -> check(random, new int[] {9}, new int[] {600}, 2, 1, 8, 33, 10, 10, 100, true));
    }

    @Test
    void aWindowBeyondTheSequenceIsExact() {
        int[] prompts = {7};
        int[] lengths = {150};
        Seeds.forEach(3, random -> {
            try (PointerScope scope = new PointerScope()) {
                RandomAttention attention = RandomAttention.draw(random, 1, 2, 1, 150, 8, 999);
                float[][] waads = new float[2][];
                int[] windows = {150, 10_000_000};
                for (int i = 0; i < 2; i++) {
                    AttentionSums.Request request = new AttentionSums.Request(
                            rows(prompts, lengths, 150, 0),
                            rows(prompts, lengths, 150, 0).unsqueeze(0),
                            7,
                            windows[i],
                            new Horizon(10, 100),
                            false);
                    try (AttentionSums sums = AttentionSums.of(attention.layer(), request)) {
                        waads[i] = Arrays.copyOfRange(Tensors.toFloats(sums.waad()), 7, 150);
                    }
                }
                assertThat(waads[1]).containsExactly(waads[0]);
            }
        });
    }

    @Test
    void oddShapesHold() {
        Seeds.forEach(3, random -> {
            check(random, new int[] {1}, new int[] {2}, 2, 1, 8, 99, 10, 1, OPEN, true); // P = 1, T = 1
            check(random, new int[] {1}, new int[] {8}, 2, 1, 24, 99, 10, 10, 100, true); // T < Hlo, head size 24
            check(random, new int[] {5}, new int[] {70}, 3, 1, 24, 99, 1, 0, 0, false); // W = 1, the diagonal alone
            check(random, new int[] {5}, new int[] {65}, 3, 3, 8, 99, 64, 20, 63, false); // a window as wide as a block
            check(random, new int[] {2}, new int[] {129}, 1, 1, 8, 99, 10, 0, 200, false); // a horizon beyond the end
            check(random, new int[] {2}, new int[] {400}, 2, 1, 8, 999, 300, 5, 300, true); // a very wide window
        });
    }

    private static void check(
            SplittableRandom random,
            int[] prompts,
            int[] lengths,
            int heads,
            int kvHeads,
            int d,
            int window,
            int waadWindow,
            int lo,
            int hi,
            boolean toEnd) {
        int batch = prompts.length;
        int n = Arrays.stream(lengths).max().orElseThrow();
        Horizon horizon = new Horizon(lo, hi);
        try (PointerScope scope = new PointerScope()) {
            RandomAttention attention = RandomAttention.draw(random, batch, heads, kvHeads, n, d, window);
            for (int shift : new int[] {0, -1}) {
                AttentionSums.Request request = new AttentionSums.Request(
                        rows(prompts, lengths, n, 0),
                        rows(prompts, lengths, n, shift).unsqueeze(0),
                        Arrays.stream(prompts).min().orElseThrow() + shift,
                        waadWindow,
                        horizon,
                        toEnd);
                try (AttentionSums sums = AttentionSums.of(attention.layer(), request)) {
                    float[] waad = Tensors.toFloats(sums.waad());
                    float[] received = Tensors.toFloats(sums.received());
                    double[] spans = Tensors.toDoubles(sums.spanSums());
                    Tensor end = sums.receivedToEnd();
                    assertThat(end != null).isEqualTo(toEnd);
                    for (int b = 0; b < batch; b++) {
                        int p = prompts[b];
                        int t = lengths[b] - p;
                        for (int h = 0; h < heads; h++) {
                            double[][] map = cut(attention.maps()[b][h], lengths[b]);
                            int row = (b * heads + h) * n;
                            assertClose(
                                    "WAAD",
                                    Arrays.copyOfRange(waad, row + p + shift, row + p + shift + t),
                                    NaiveRhythm.waad(map, p, waadWindow, shift != 0),
                                    1e-5 * waadWindow);
                            assertClose(
                                    "received",
                                    Arrays.copyOfRange(received, row + p, row + p + t),
                                    sums(NaiveRhythm.fai(map, p, horizon), horizon),
                                    2e-5);
                            if (end != null) {
                                assertClose(
                                        "received to the end",
                                        Arrays.copyOfRange(Tensors.toFloats(end), row + p, row + p + t),
                                        sums(NaiveRhythm.profile(map, p, lo), new Horizon(lo, OPEN)),
                                        2e-5);
                            }
                            double span = NaiveRhythm.spanSum(map, p, shift != 0);
                            assertThat(spans[b * heads + h]).isCloseTo(span, within(1e-4 * span + 1e-3));
                        }
                    }
                }
            }
        }
    }

    /** Means over T(s) back to sums; 0 where T(s) is empty. */
    private static double[] sums(double[] means, Horizon horizon) {
        double[] sums = new double[means.length];
        for (int s = 0; s < means.length; s++) {
            long last = Math.min(means.length - 1L, (long) s + horizon.hi());
            sums[s] = Double.isNaN(means[s]) ? 0 : means[s] * (last - (s + horizon.lo()) + 1);
        }
        return sums;
    }

    private static double[][] cut(double[][] map, int length) {
        return Arrays.stream(map, 0, length)
                .map(row -> Arrays.copyOf(row, length))
                .toArray(double[][]::new);
    }

    private static Tensor rows(int[] prompts, int[] lengths, int n, int shift) {
        float[] rows = new float[prompts.length * n];
        for (int b = 0; b < prompts.length; b++) {
            Arrays.fill(rows, b * n + prompts[b] + shift, b * n + lengths[b] + shift, 1);
        }
        return Tensors.of(rows, prompts.length, n);
    }

    private static void assertClose(String what, float[] fast, double[] naive, double tolerance) {
        assertThat(fast).hasSize(naive.length);
        for (int i = 0; i < fast.length; i++) {
            assertThat((double) fast[i])
                    .as("%s of response token %d: streaming against the whole map", what, i)
                    .isCloseTo(naive[i], within(tolerance));
        }
    }
}
