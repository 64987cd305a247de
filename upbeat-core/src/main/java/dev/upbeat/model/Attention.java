package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Causal attention over whole sequences, in full or within a sliding window, computed by flash attention. */
final class Attention {
    /** Query rows of a block if a sliding window needs a mask, whose size is then O(block * (block + window)). */
    private static final int WINDOW_BLOCK = 512;

    private Attention() {}

    /**
     * @param q [B, H, N, D']
     * @param k [B, K, N, D']
     * @param v [B, K, N, D']
     * @param slidingWindow number of latest keys that a query attends to, itself included; 0 for all
     * @param scale factor of the scores
     */
    static Operators.AttentionResult causal(Tensor q, Tensor k, Tensor v, int slidingWindow, double scale) {
        long n = q.size(2);
        if (slidingWindow == 0 || slidingWindow >= n) {
            return Operators.flashAttention(q, k, v, true, null, scale);
        }
        TensorVector outputs = new TensorVector();
        TensorVector lses = new TensorVector();
        for (long start = 0; start < n; start += WINDOW_BLOCK) {
            long end = Math.min(n, start + WINDOW_BLOCK);
            long firstKey = Math.max(0, start - slidingWindow + 1);
            Operators.AttentionResult block = Operators.flashAttention(
                    Tensors.slice(q, 2, start, end),
                    Tensors.slice(k, 2, firstKey, end),
                    Tensors.slice(v, 2, firstKey, end),
                    false,
                    windowMask(start, end, firstKey, slidingWindow).to(q.scalar_type()),
                    scale);
            outputs.push_back(block.output());
            lses.push_back(block.lse());
        }
        return new Operators.AttentionResult(torch.cat(outputs, 2), torch.cat(lses, 2));
    }

    /** 0 if 0 &lt;= t - s &lt; slidingWindow, else -inf; rows t in [start, end), columns s in [firstKey, end). */
    private static Tensor windowMask(long start, long end, long firstKey, int slidingWindow) {
        Tensor rows = torch.arange(new Scalar(start), new Scalar(end)).unsqueeze(1);
        Tensor columns = torch.arange(new Scalar(firstKey), new Scalar(end)).unsqueeze(0);
        Tensor distance = rows.sub(columns);
        Tensor hidden = distance.lt(new Scalar(0)).logical_or(distance.ge(new Scalar(slidingWindow)));
        return Tensors.zeros(ScalarType.Float, end - start, end - firstKey)
                .masked_fill(hidden, new Scalar(Double.NEGATIVE_INFINITY));
    }
}
