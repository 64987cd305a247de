package dev.upbeat.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Attention by operators that every device has, for {@link Kernels.Scores#BLOCKS}: blocks of rows with all their keys, so
 * that memory is O(N). Scores, softmax and sums are in f32. Supports autograd.
 */
final class BlockAttention {
    private static final int ROWS = 128;

    /** Less than any score; a row without keys then has zeros in place of weights. */
    private static final double LEAST = -1e30;

    private BlockAttention() {}

    /** As {@link Operators#flashAttention}. */
    static Operators.AttentionResult of(
            Tensor q, Tensor k, Tensor v, boolean causal, @Nullable Tensor mask, double scale) {
        long kvHeads = k.size(1);
        long group = q.size(1) / kvHeads;
        Tensor queries = q.to(ScalarType.Float).mul(new Scalar(scale)).unflatten(1, kvHeads, group);
        Tensor keys = k.to(ScalarType.Float).unsqueeze(2);
        Tensor values = v.to(ScalarType.Float).unsqueeze(2);
        TensorVector outputs = new TensorVector();
        TensorVector lses = new TensorVector();
        long n = q.size(2);
        for (long start = 0; start < n; start += ROWS) {
            long end = Math.min(n, start + ROWS);
            long width = causal ? end : k.size(2);
            Tensor scores = Tensors.slice(queries, 3, start, end)
                    .matmul(Tensors.slice(keys, 3, 0, width).transpose(3, 4));
            if (causal) {
                Tensor later =
                        scores.new_ones(end - start, width).triu(start + 1).to(ScalarType.Bool);
                scores = scores.masked_fill(later, new Scalar(Double.NEGATIVE_INFINITY));
            }
            if (mask != null) {
                scores = scores.add(rows(mask, start, end, kvHeads, group));
            }
            Tensor lse = scores.logsumexp(new long[] {4}, true);
            Tensor weights = scores.sub(lse.clamp_min(new Scalar(LEAST))).exp();
            outputs.push_back(weights.matmul(Tensors.slice(values, 3, 0, width)));
            lses.push_back(lse.squeeze(4));
        }
        return new Operators.AttentionResult(
                torch.cat(outputs, 3).flatten(1, 2).to(q.scalar_type()),
                torch.cat(lses, 3).flatten(1, 2));
    }

    /** The mask of the rows [start, end), with the heads split into groups. */
    private static Tensor rows(Tensor mask, long start, long end, long kvHeads, long group) {
        Tensor whole = mask.dim() == 2 ? mask.unsqueeze(0).unsqueeze(0) : mask;
        Tensor rows = whole.size(2) == 1 ? whole : Tensors.slice(whole, 2, start, end);
        return rows.size(1) == 1 ? rows.unsqueeze(2) : rows.unflatten(1, kvHeads, group);
    }
}
