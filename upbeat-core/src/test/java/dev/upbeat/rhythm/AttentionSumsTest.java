package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Horizon;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The streaming sums against the same numbers from the whole map. */
class AttentionSumsTest {
    private static final int OPEN = Horizon.END;

    @Test
    void aBandOfKeysGivesTheWholeMapsRhythm() {
        Seeds.forEach(
                6,
                random -> check(
                        random,
                        Sequences.one(7, 150),
                        new Heads(6, 2, 16, 999),
                        new Sums(10, new Horizon(10, 100), false)));
    }

    @Test
    void anOpenHorizonSumsTheWholeTriangle() {
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(20, 700),
                        new Heads(4, 2, 8, 9999),
                        new Sums(10, new Horizon(1, OPEN), true)));
    }

    @Test
    void aClosedHorizonAndReceiversNeedOnePass() {
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(3, 640),
                        new Heads(2, 1, 8, 9999),
                        new Sums(10, new Horizon(10, 50), true)));
    }

    @Test
    void sequencesOfUnequalLengthsKeepToThemselves() {
        int[] prompts = {1, 40, 7, 100};
        int[] lengths = {2, 333, 8, 101};
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        new Sequences(prompts, lengths),
                        new Heads(6, 3, 8, 9999),
                        new Sums(10, new Horizon(1, OPEN), true)));
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        new Sequences(prompts, lengths),
                        new Heads(6, 3, 8, 9999),
                        new Sums(10, new Horizon(10, 100), false)));
    }

    @Test
    void onlyTheLastKeysOfALongPromptAreRead() {
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(500, 560),
                        new Heads(2, 2, 8, 9999),
                        new Sums(10, new Horizon(10, 30), false)));
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(900, 1300),
                        new Heads(2, 1, 8, 9999),
                        new Sums(10, new Horizon(3, OPEN), true)));
    }

    @Test
    void aSlidingWindowShorterThanTheHorizonHidesFarKeys() {
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(9, 300),
                        new Heads(4, 2, 8, 16),
                        new Sums(10, new Horizon(1, OPEN), true)));
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(9, 300),
                        new Heads(4, 2, 8, 16),
                        new Sums(20, new Horizon(10, 100), false)));
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(9, 300),
                        new Heads(4, 2, 8, 5),
                        new Sums(10, new Horizon(10, 100), true)));
    }

    @Test
    void aSlidingWindowAtABlocksEndHidesFarKeys() {
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(9, 600),
                        new Heads(2, 1, 8, 17),
                        new Sums(10, new Horizon(1, OPEN), true)));
        Seeds.forEach(
                3,
                random -> check(
                        random,
                        Sequences.one(9, 600),
                        new Heads(2, 1, 8, 33),
                        new Sums(10, new Horizon(10, 100), true)));
    }

    @Test
    void theGapOfReceiversIsIndependentOfTheHorizon() {
        for (int gap : new int[] {0, 4, 30, 200}) {
            for (Horizon horizon : List.of(new Horizon(1, OPEN), new Horizon(10, 100), new Horizon(40, OPEN))) {
                Seeds.forEach(2, random -> {
                    check(random, Sequences.one(9, 300), new Heads(2, 1, 8, 999), new Sums(10, horizon, true, gap));
                    check(random, Sequences.one(9, 600), new Heads(2, 1, 8, 33), new Sums(10, horizon, true, gap));
                });
            }
        }
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
                            10,
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
            check(
                    random,
                    Sequences.one(1, 2),
                    new Heads(2, 1, 8, 99),
                    new Sums(10, new Horizon(1, OPEN), true)); // P = 1, T = 1
            check(
                    random,
                    Sequences.one(1, 8),
                    new Heads(2, 1, 24, 99),
                    new Sums(10, new Horizon(10, 100), true)); // T < Hlo, head size 24
            check(
                    random,
                    Sequences.one(5, 70),
                    new Heads(3, 1, 24, 99),
                    new Sums(1, new Horizon(0, 0), false)); // W = 1, the diagonal alone
            check(
                    random,
                    Sequences.one(5, 65),
                    new Heads(3, 3, 8, 99),
                    new Sums(64, new Horizon(20, 63), false)); // a window as wide as a block
            check(
                    random,
                    Sequences.one(2, 129),
                    new Heads(1, 1, 8, 99),
                    new Sums(10, new Horizon(0, 200), false)); // a horizon beyond the end
            check(
                    random,
                    Sequences.one(2, 400),
                    new Heads(2, 1, 8, 999),
                    new Sums(300, new Horizon(5, 300), true)); // a very wide window
        });
    }

    /** Tokens of each prompt and of each whole sequence, [B]. */
    private record Sequences(int[] prompts, int[] lengths) {
        static Sequences one(int prompt, int length) {
            return new Sequences(new int[] {prompt}, new int[] {length});
        }
    }

    /** @param slidingWindow keys that a row reads, tokens */
    private record Heads(int heads, int kvHeads, int size, int slidingWindow) {}

    /** @param toEnd whether attention received to the end is summed too */
    private record Sums(int waadWindow, Horizon horizon, boolean toEnd, int gap) {
        Sums(int waadWindow, Horizon horizon, boolean toEnd) {
            this(waadWindow, horizon, toEnd, horizon.lo());
        }
    }

    private static void check(SplittableRandom random, Sequences sequences, Heads model, Sums asked) {
        int[] prompts = sequences.prompts;
        int[] lengths = sequences.lengths;
        int batch = prompts.length;
        int n = Arrays.stream(lengths).max().orElseThrow();
        int heads = model.heads;
        Horizon horizon = asked.horizon;
        int waadWindow = asked.waadWindow;
        boolean toEnd = asked.toEnd;
        try (PointerScope scope = new PointerScope()) {
            RandomAttention attention =
                    RandomAttention.draw(random, batch, heads, model.kvHeads, n, model.size, model.slidingWindow);
            for (int shift : new int[] {0, -1}) {
                AttentionSums.Request request = new AttentionSums.Request(
                        rows(prompts, lengths, n, 0),
                        rows(prompts, lengths, n, shift).unsqueeze(0),
                        Arrays.stream(prompts).min().orElseThrow() + shift,
                        waadWindow,
                        horizon,
                        asked.gap,
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
                                        sums(NaiveRhythm.profile(map, p, asked.gap), new Horizon(asked.gap, OPEN)),
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
