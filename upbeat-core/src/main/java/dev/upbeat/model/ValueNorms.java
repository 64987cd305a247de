package dev.upbeat.model;

import dev.upbeat.tensor.LayerAttention;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Weights by value norm (docs/method.md, section 3): attention times the norm of the value, over the sum of the row.
 *
 * <pre>
 * A'[t,s] = A[t,s] |v_s| / r_t,   r_t = sum over s of A[t,s] |v_s|
 *         = exp(scale q_t . k_s + log |v_s| - lse'_t),   lse'_t = lse_t + log r_t
 * </pre>
 *
 * <p>So A' is attention whose scores are larger by log |v_s|. Further columns of q and k add this to their product, and
 * all that is computed from q, k and lse is computed from A'. After Kobayashi et al. 2020 (arXiv 2004.10102), who weight
 * by the norm of the value after the output projection, and do not normalise.
 */
final class ValueNorms {
    /** Additional value column that holds the norm, after the digits of the position. */
    private static final int NORM_COLUMN = 3;

    private ValueNorms() {}

    /**
     * Euclidean norms of the values [B, K, N, D]: f32, [B, K, N]. A value of zeros counts as the smallest normal float,
     * so that log is finite.
     */
    static Tensor of(Tensor v) {
        return v.to(ScalarType.Float).square().sum(3).sqrt_().clamp_min_(new Scalar((double) Float.MIN_NORMAL));
    }

    /**
     * Multiplies the position columns of the values by the norms, and sets the column of the norms, in place.
     *
     * @param v from {@link PositionColumns#append}, f32, [B, K, N, D + PositionColumns.WIDTH]
     */
    static void weightPositions(Tensor v, Tensor norms, long d) {
        v.narrow(3, d, NORM_COLUMN).mul_(norms.unsqueeze(3));
        v.select(3, d + NORM_COLUMN).copy_(norms);
    }

    /** Reads r_t from the output of attention to the values of {@link #weightPositions}: f32, [B, H, N]. */
    static Tensor rowSums(Tensor output, long d) {
        return output.select(3, d + NORM_COLUMN).to(ScalarType.Float, false, true, new MemoryFormatOptional());
    }

    /**
     * Sets further columns, 1 in the queries and log |v_s| / scale in the keys, in place. The keys hold it as the sum of
     * three bf16 numbers, so that copies in bf16 are as exact as f32.
     *
     * @param q from {@link PositionColumns#pad}, f32, [B, H, N, D + PositionColumns.WIDTH]
     * @param k from {@link PositionColumns#pad}, f32, [B, K, N, D + PositionColumns.WIDTH]
     */
    static void addScores(Tensor q, Tensor k, Tensor norms, long d, double scale) {
        q.narrow(3, d, LayerAttention.NORM_COLUMNS).fill_(new Scalar(1));
        Tensor rest = norms.log().div_(new Scalar(scale));
        for (int i = 0; i < LayerAttention.NORM_COLUMNS; i++) {
            Tensor part = rest.to(ScalarType.BFloat16).to(ScalarType.Float);
            k.select(3, d + i).copy_(part);
            rest = rest.sub(part);
        }
    }
}
