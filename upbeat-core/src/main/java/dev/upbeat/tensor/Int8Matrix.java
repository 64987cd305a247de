package dev.upbeat.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A weight in int8, one scale per output, for products with activations that are the sum of two int8 numbers, one scale per
 * row: the value rounded to 127 steps, and what that leaves rounded to 127 finer steps. One alone changes the most likely
 * token six times as often (docs/LOG.md). Each row is scaled by itself, so its product does not depend on the rows beside
 * it. Without autograd.
 *
 * @param packed [O, I] in oneDNN's layout
 * @param scales [O], f32
 * @param zeroPoints zeros, int64, [O]
 */
public record Int8Matrix(Tensor packed, Tensor scales, Tensor zeroPoints) {
    private static final double STEPS = 127;

    /** Activations are unsigned, shifted by this: the form that all CPUs with int8 instructions multiply. */
    private static final int SHIFT = 128;

    /** The second number counts the first one's steps in parts, so that half a step is 127 of them. */
    private static final double PARTS = 2 * STEPS;

    /** Least scale, so that zeros are not divided by zero. */
    private static final double LEAST = 1e-30;

    /**
     * Rounds a weight to int8. The result outlives the scope of the caller.
     *
     * @param weight [O, I], plain
     */
    public static Int8Matrix of(Tensor weight) {
        try (PointerScope scope = new PointerScope()) {
            Tensor w = weight.to(ScalarType.Float);
            Tensor scales = maxima(w).div_(new Scalar(STEPS));
            Tensor rounded = w.div(scales).round_().to(ScalarType.Char);
            Tensor zeros = Tensors.zeros(ScalarType.Long, w.size(0));
            return new Int8Matrix(
                    Scoped.keep(Operators.packedInt8(rounded)), Scoped.keep(scales.squeeze(1)), Scoped.keep(zeros));
        }
    }

    /** Largest absolute value of each row, [.., 1]. */
    private static Tensor maxima(Tensor x) {
        return x.abs().amax(new long[] {-1}, true).clamp_min_(new Scalar(LEAST));
    }

    /**
     * Activations in int8.
     *
     * @param values first numbers of all rows, then second numbers of all rows, [2 N, I], unsigned, shifted
     * @param largest largest absolute value of each row, f32, [N, 1]
     * @param shape of the activations
     */
    public record Rows(Tensor values, Tensor largest, long[] shape) {
        /** @param x [.., I], any dtype */
        public static Rows of(Tensor x) {
            Tensor rows = x.to(ScalarType.Float).flatten(0, -2);
            Tensor largest = maxima(rows);
            Tensor steps = rows.mul(largest.reciprocal().mul_(new Scalar(STEPS)));
            Tensor first = steps.round();
            Tensor second = steps.sub_(first).mul_(new Scalar(PARTS)).round_();
            Tensor values = torch.cat(new TensorVector(first, second), 0)
                    .add_(new Scalar(SHIFT))
                    .to(ScalarType.Byte);
            return new Rows(values, largest, x.sizes().vec().get());
        }
    }

    /** {@code x weight^T}, f32, [.., O]. */
    public Tensor multiply(Rows x) {
        return Scoped.call(() -> {
            Tensor both = Operators.int8Linear(x.values, 1 / STEPS, SHIFT, packed, scales, zeroPoints);
            long rows = x.largest.size(0);
            Tensor product = both.narrow(0, 0, rows)
                    .add_(both.narrow(0, rows, rows), new Scalar(1 / PARTS))
                    .mul_(x.largest);
            long[] shape = x.shape.clone();
            shape[shape.length - 1] = scales.size(0);
            return product.view(shape);
        });
    }

    /** The tensors, to be closed. */
    public List<Tensor> tensors() {
        return List.of(packed, scales, zeroPoints);
    }
}
