package dev.upbeat.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What this machine can do with all threads, as measured: the fastest of several products of 2,048 x 2,048 matrices, and
 * of several passes over memory.
 *
 * @param f32 product rate in f32, floating-point operations per second (a multiplication and an addition are two)
 * @param bf16 the same in bf16 with f32 sums; null if the CPU refuses it
 * @param bandwidth bytes read from memory per second
 */
public record MachinePeak(double f32, @Nullable Double bf16, double bandwidth) {
    private static final int SIZE = 2048;
    private static final int FLOATS = 64 << 20;
    private static final double SECONDS_EACH = 0.4;
    private static final int FEWEST_RUNS = 3;

    /** Measures for about two seconds. */
    public static MachinePeak measure() {
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            double operations = 2.0 * SIZE * SIZE * SIZE;
            Tensor x = torch.randn(SIZE, SIZE);
            double f32 = operations / productSeconds(x);
            Double bf16 = null;
            try {
                bf16 = operations / productSeconds(x.to(ScalarType.BFloat16));
            } catch (RuntimeException e) {
                // oneDNN refuses bf16 on CPUs without its instructions
            }
            Tensor values = torch.ones(FLOATS);
            return new MachinePeak(f32, bf16, 4.0 * FLOATS / least(values::sum));
        }
    }

    /** Operations per second in products of this dtype; in f32 if bf16 is refused, because it is converted then. */
    public double products(Dtype dtype) {
        return dtype == Dtype.BF16 && bf16 != null ? bf16 : f32;
    }

    private static double productSeconds(Tensor x) {
        Tensor packed = Operators.packed(x);
        double onednn = least(() -> Operators.linear(x, packed, null, Kernels.Library.ONEDNN));
        double aten = least(() -> Operators.linear(x, x, null, Kernels.Library.ATEN));
        return Math.min(onednn, aten);
    }

    private static double least(Runnable work) {
        double least = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        for (int run = 0; run < FEWEST_RUNS || System.nanoTime() - start < SECONDS_EACH * 1e9; run++) {
            try (PointerScope scope = new PointerScope()) {
                long from = System.nanoTime();
                work.run();
                least = Math.min(least, (System.nanoTime() - from) / 1e9);
            }
        }
        return least;
    }
}
