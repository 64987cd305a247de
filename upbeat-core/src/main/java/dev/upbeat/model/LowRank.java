package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank update of a frozen weight [O, I] (LoRA, arXiv 2106.09685, Eq. 3): {@code W + scale B A}. It is applied beside the
 * weight, {@code x W^T + scale (x A^T) B^T}, in f32, as PEFT does. So the frozen weight is neither copied nor changed.
 *
 * @param number number of the adapter in its model, which selects its dropout masks
 * @param a A, f32, [r, I]
 * @param b B, f32, [O, r]
 * @param scale alpha / r, or alpha / sqrt(r)
 */
public record LowRank(int number, Tensor a, Tensor b, double scale) {
    /**
     * Adds the update to an output, in place.
     *
     * @param output x W^T, [.., O], in any dtype, to which the sum is rounded once
     * @param x f32, [.., I]
     * @param dropout of x; null for none
     */
    void addTo(Tensor output, Tensor x, @Nullable Dropout dropout) {
        Scoped.run(() -> {
            Tensor input = dropout == null ? x : x.mul(dropout.mask(number, x));
            output.add_(Operators.linear(Operators.linear(input, a, null), b, null), new Scalar(scale));
        });
    }

    /**
     * Adds the gradients of A and B to the accumulated ones: with h = x A^T and g the gradient of the output, dB = scale g^T h
     * and dA = scale (g B)^T x.
     *
     * @param x f32, [N, I]
     * @param gradient of the loss with respect to the output, f32, [N, O]
     * @param dropout as in {@link #addTo}
     * @return gradient with respect to x, f32, [N, I]
     */
    Tensor backward(Tensor x, Tensor gradient, Gradients gradients, @Nullable Dropout dropout) {
        return Scoped.call(() -> {
            Tensor mask = dropout == null ? null : dropout.mask(number, x);
            Tensor input = mask == null ? x : x.mul(mask);
            Tensor inner = Operators.linear(gradient, b.t(), null).mul_(new Scalar(scale)); // of h, [N, r]
            Tensor sumA = gradients.of(a);
            if (sumA != null) {
                sumA.add_(Operators.weightGradient(inner, input));
            }
            Tensor sumB = gradients.of(b);
            if (sumB != null) {
                Tensor h = Operators.linear(input, a, null);
                sumB.add_(Operators.weightGradient(gradient, h), new Scalar(scale));
            }
            Tensor outer = Operators.linear(inner, a.t(), null);
            return mask == null ? outer : outer.mul_(mask);
        });
    }

    /** Converts to f32, in which updates are computed. */
    static Tensor wide(Tensor x) {
        return x.scalar_type().intern() == ScalarType.Float ? x : x.to(ScalarType.Float);
    }
}
