package dev.upbeat.model;

import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The key's position as two more value columns, floor(s / 256) and s mod 256, so that attention gives the mean key
 * position E_t[s] beside its output (METHOD section 3). Both are exact in bf16 up to 65,536 tokens; the mean is as exact
 * as the attention itself.
 */
final class PositionColumns {
    /** Columns added: the two, and zeros up to a multiple of 8, which the kernels like. */
    static final int WIDTH = 8;

    private static final int BASE = 256;

    private PositionColumns() {}

    /** Values f32 [B, K, N, D] to [B, K, N, D + WIDTH]. */
    static Tensor append(Tensor v) {
        long d = v.size(3);
        long n = v.size(2);
        Tensor wide = torch.empty(v.size(0), v.size(1), n, d + WIDTH);
        wide.narrow(3, 0, d).copy_(v);
        wide.narrow(3, d + 2, WIDTH - 2).zero_();
        float[] high = new float[(int) n];
        float[] low = new float[(int) n];
        for (int s = 0; s < n; s++) {
            high[s] = s / BASE;
            low[s] = s % BASE;
        }
        wide.select(3, d).copy_(Tensors.of(high, n));
        wide.select(3, d + 1).copy_(Tensors.of(low, n));
        return wide;
    }

    /** E_t[s] from attention's output [B, H, N, D + WIDTH]: f32, [B, H, N]. */
    static Tensor read(Tensor output, long d) {
        Tensor high = output.select(3, d).to(ScalarType.Float);
        Tensor low = output.select(3, d + 1).to(ScalarType.Float);
        return high.mul(new Scalar((double) BASE)).add_(low);
    }
}
