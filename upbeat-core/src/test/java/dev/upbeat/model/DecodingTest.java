package dev.upbeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Token by token with the key/value cache against whole sequences at once. */
@ExtendWith(OneThread.class)
class DecodingTest {
    private static final int V = 40;

    @ParameterizedTest
    @EnumSource
    void everyStepGivesTheLogitsOfTheWholeSequence(Architecture architecture) {
        check(TinyDecoder.config(architecture), Dtype.F32, new int[] {4, 1, 9}, 20, 1e-4f);
    }

    @ParameterizedTest
    @EnumSource
    void aSlidingWindowMovesOnPastPaddingAndPrompts(Architecture architecture) {
        check(TinyDecoder.config(architecture, V, 1024, 5), Dtype.F32, new int[] {12, 2, 3}, 20, 1e-4f);
    }

    @Test
    void theCacheGrowsBlockByBlockWhileRowsLeaveIt() {
        check(TinyDecoder.config(Architecture.QWEN3, V, 1024, 24), Dtype.F32, new int[] {30, 7, 1, 30}, 270, 1e-4f);
    }

    @Test
    void bfloat16StepsGiveTheLogitsOfTheWholeSequence() {
        // On AMX whole sequences round their softmax to bf16 as well, single steps do not.
        float tolerance = CpuFeatures.multipliesBf16Tiles() ? 0.1f : 0.02f;
        check(TinyDecoder.config(Architecture.LLAMA), Dtype.BF16, new int[] {4, 1, 9}, 20, tolerance);
    }

    /** Forces the same random tokens on both; after a third of the steps rows leave, the rest in another order. */
    private static void check(ModelConfig config, Dtype dtype, int[] prompts, int steps, float tolerance) {
        SplittableRandom random = new SplittableRandom(steps);
        int[][] ids = Arrays.stream(prompts)
                .mapToObj(prompt -> RandomTraces.ids(random, prompt + steps, V))
                .toArray(int[][]::new);
        try (Decoder decoder = TinyDecoder.random(config, 6, dtype);
                AutoGradMode noGrad = new AutoGradMode(false);
                KvCache cache = new KvCache(config, prompts)) {
            float[][] expected =
                    Arrays.stream(ids).map(row -> logits(decoder, row)).toArray(float[][]::new);
            try (PointerScope scope = new PointerScope()) {
                decoder.prefill(padded(ids, prompts), ones(prompts.length), cache, 0);
            }
            int[] rows = IntStream.range(0, prompts.length).toArray();
            for (int step = 0; step < steps; step++) {
                if (step == steps / 3) {
                    cache.selectRows(new int[] {2, 0});
                    rows = new int[] {2, 0};
                }
                int at = step;
                long[] next = Arrays.stream(rows)
                        .mapToLong(row -> ids[row][prompts[row] + at])
                        .toArray();
                try (PointerScope scope = new PointerScope()) {
                    Tensor hidden = decoder.step(Tensors.of(next, next.length, 1), cache);
                    float[] given = Tensors.toFloats(decoder.logits(hidden));
                    for (int i = 0; i < rows.length; i++) {
                        int position = prompts[rows[i]] + step;
                        assertThat(Arrays.copyOfRange(given, i * V, (i + 1) * V))
                                .as("logits of row %d after position %d", rows[i], position)
                                .containsExactly(
                                        Arrays.copyOfRange(expected[rows[i]], position * V, (position + 1) * V),
                                        within(tolerance));
                    }
                }
            }
        }
    }

    private static float[] logits(Decoder decoder, int[] ids) {
        try (PointerScope scope = new PointerScope()) {
            long[] row = Arrays.stream(ids).asLongStream().toArray();
            return Tensors.toFloats(decoder.logits(decoder.forward(Tensors.of(row, 1, row.length), null)));
        }
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Tensor padded(int[][] ids, int[] prompts) {
        int longest = Arrays.stream(prompts).max().orElseThrow();
        long[] all = new long[prompts.length * longest];
        for (int b = 0; b < prompts.length; b++) {
            for (int t = 0; t < prompts[b]; t++) {
                all[b * longest + t] = ids[b][t];
            }
        }
        return Tensors.of(all, prompts.length, longest);
    }
}
