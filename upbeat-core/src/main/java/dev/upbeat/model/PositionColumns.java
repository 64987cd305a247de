package dev.upbeat.model;

import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Three additional value columns that hold the key's position as digits in base 256. With them attention returns the
 * mean key position E_t[s] beside its output (docs/method.md, section 3). Digits are exact in bf16, so the mean is as
 * exact as the attention itself.
 */
final class PositionColumns {
    /** Additional columns: the digits, and zeros up to a multiple of 8, for which kernels are faster. */
    static final int WIDTH = 8;

    private static final int BASE = 256;
    private static final int DIGITS = 3;

    private PositionColumns() {}

    /**
     * Appends zero columns, which change no score, to queries or keys [B, heads, N, D]: f32, [B, heads, N, D + WIDTH].
     */
    static Tensor pad(Tensor x) {
        long d = x.size(3);
        Tensor wide = torch.empty(x.size(0), x.size(1), x.size(2), d + WIDTH);
        wide.narrow(3, 0, d).copy_(x);
        wide.narrow(3, d, WIDTH).zero_();
        return wide;
    }

    /** Appends the position columns to values [B, K, N, D], N at most BASE^DIGITS: f32, [B, K, N, D + WIDTH]. */
    static Tensor append(Tensor v) {
        long d = v.size(3);
        long n = v.size(2);
        Tensor wide = pad(v);
        for (int i = 0; i < DIGITS; i++) {
            wide.select(3, d + i).copy_(Tensors.of(digits((int) n, place(i)), n));
        }
        return wide;
    }

    /** Reads E_t[s] from the output of attention [B, H, N, D + WIDTH]: f32, [B, H, N]. */
    static Tensor read(Tensor output, long d) {
        Tensor mean = output.select(3, d).to(ScalarType.Float, false, true, new MemoryFormatOptional());
        for (int i = 1; i < DIGITS; i++) {
            mean.add_(output.select(3, d + i).to(ScalarType.Float), new Scalar((double) place(i)));
        }
        return mean;
    }

    /** Place value of digit i: 1, 256 or 65,536. */
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
