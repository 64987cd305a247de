package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Kernels.Layout;
import dev.upbeat.tensor.Kernels.Library;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every alternative of {@link KernelTiming} computes the same. */
class KernelsTest {
    private static final ModelConfig MODEL = TinyDecoder.config(Architecture.QWEN3, 40, 1024, 150);
    private static final int LENGTH = 200;

    private final Kernels before = Kernels.current();

    @BeforeEach
    void severalThreads() {
        Libtorch.start(2);
    }

    @AfterEach
    void asBefore() {
        Kernels.use(before);
        Libtorch.start(1);
    }

    static Stream<Kernels> alternatives() {
        Kernels start = Kernels.byCapability();
        return Stream.of(
                start.withLinear(Library.ONEDNN, Layout.PLAIN),
                start.withLinear(Library.ONEDNN, Layout.PACKED),
                start.withLinear(Library.ATEN, Layout.PLAIN),
                Kernels.portable());
    }

    @ParameterizedTest
    @MethodSource("alternatives")
    void f32LogitsAreTheSame(Kernels kernels) {
        assertLogits(kernels, Dtype.F32, 1e-5);
    }

    @ParameterizedTest
    @MethodSource("alternatives")
    void bf16LogitsAreTheSameButForRounding(Kernels kernels) {
        assertLogits(kernels.withAttention(Dtype.F32), Dtype.BF16, 0.03);
    }

    @Test
    void bf16AttentionRoundsOnlyABf16Model() {
        assertLogits(Kernels.byCapability().withAttention(Dtype.BF16), Dtype.F32, 1e-5);
        assertLogits(Kernels.byCapability().withAttention(Dtype.BF16), Dtype.BF16, 0.03);
    }

    @Test
    void theChoiceIsOneOfTheExactAlternatives() {
        Kernels chosen = KernelTiming.choose(MODEL.shape());
        assertThat(chosen.scores()).isEqualTo(Kernels.Scores.FLASH);
        assertLogits(chosen, Dtype.F32, 1e-5);
        try (PointerScope scope = new PointerScope()) {
            Tensor x = torch.randn(3, 70, 70);
            float[] products = Tensors.toFloats(Operators.products(x, x));
            float[] expected = Tensors.toFloats(torch.bmm(x, x.transpose(1, 2)));
            for (int i = 0; i < expected.length; i++) {
                assertThat(products[i]).isCloseTo(expected[i], within(1e-4f));
            }
        }
    }

    /** Against plain operators in f32; relative to the root of the mean square. */
    private static void assertLogits(Kernels kernels, Dtype dtype, double tolerance) {
        float[] expected = logits(Kernels.portable(), Dtype.F32);
        float[] given = logits(kernels, dtype);
        double off = 0;
        double all = 0;
        for (int i = 0; i < expected.length; i++) {
            off += Math.pow(given[i] - expected[i], 2);
            all += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(off / all)).as("relative difference of the logits").isLessThan(tolerance);
    }

    private static float[] logits(Kernels kernels, Dtype dtype) {
        Kernels.use(kernels);
        long[] ids = Arrays.stream(RandomTraces.ids(new SplittableRandom(5), LENGTH, 40))
                .asLongStream()
                .toArray();
        try (Decoder decoder = TinyDecoder.random(MODEL, 3, dtype);
                PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            return Tensors.toFloats(decoder.logits(decoder.forward(Tensors.of(ids, 1, LENGTH), null)));
        }
    }
}
