package dev.upbeat.model;

import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The key's position as three more value columns, its digits in base 256, so that attention gives the mean key position
 * E_t[s] beside its output (docs/method.md, section 3). Digits are exact in bf16; the mean is as exact as the attention
 * itself.
 */
final class PositionColumns {
    /** Columns added: the digits, and zeros up to a multiple of 8, which the kernels like. */
    static final int WIDTH = 8;

    private static final int BASE = 256;
    private static final int DIGITS = 3;

    private PositionColumns() {}

    /** Queries or keys [B, heads, N, D] to f32 [B, heads, N, D + WIDTH]: zeros, which change no score. */
    static Tensor pad(Tensor x) {
        long d = x.size(3);
        Tensor wide = torch.empty(x.size(0), x.size(1), x.size(2), d + WIDTH);
        wide.narrow(3, 0, d).copy_(x);
        wide.narrow(3, d, WIDTH).zero_();
        return wide;
    }

    /** Values [B, K, N, D] to f32 [B, K, N, D + WIDTH]; N is at most BASE^DIGITS. */
    static Tensor append(Tensor v) {
        long d = v.size(3);
        long n = v.size(2);
        Tensor wide = pad(v);
        for (int i = 0; i < DIGITS; i++) {
            wide.select(3, d + i).copy_(Tensors.of(digits((int) n, place(i)), n));
        }
        return wide;
    }

    /** E_t[s] from attention's output [B, H, N, D + WIDTH]: f32, [B, H, N]. */
    static Tensor read(Tensor output, long d) {
        Tensor mean = output.select(3, d).to(ScalarType.Float, false, true, new MemoryFormatOptional());
        for (int i = 1; i < DIGITS; i++) {
            mean.add_(output.select(3, d + i).to(ScalarType.Float), new Scalar((double) place(i)));
        }
        return mean;
    }

    /** What digit i counts for: 1, 256, 65,536. */
    private static int place(int i) {
        return 1 << (8 * i);
    }

    private static float[] digits(int n, int place) {
        float[] digits = new float[n];
        for (int s = 0; s < n; s++) {
            digits[s] = s / place % BASE;
        }
        return digits;
    }
}
