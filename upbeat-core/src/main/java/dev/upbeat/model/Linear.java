package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Linear layer, {@code x weight^T + bias}, in the dtype of the weight.
 *
 * @param weight [O, I]
 * @param bias [O], or null
 */
record Linear(Tensor weight, @Nullable Tensor bias) {
    /**
     * @param x [.., I], any dtype
     * @return [.., O] in the weight's dtype
     */
    Tensor apply(Tensor x) {
        return Operators.linear(input(x), weight, bias);
    }

    /** SiLU(this(x)). */
    Tensor silu(Tensor x) {
        return Operators.linearSilu(input(x), weight, bias);
    }

    /**
     * this(x) times {@code factor}, element by element.
     *
     * @param factor [.., O] in the weight's dtype
     */
    Tensor times(Tensor x, Tensor factor) {
        return Operators.linearTimes(input(x), weight, bias, factor);
    }

    /**
     * Gradient of the loss with respect to x.
     *
     * @param gradient of the loss with respect to this(x), [N, O], in the weight's dtype
     * @return [N, I]
     */
    Tensor inputGradient(Tensor gradient) {
        Tensor plain = weight.is_mkldnn() ? weight.to_dense() : weight; // a packed weight cannot be transposed
        return Operators.linear(gradient, plain.t(), null);
    }

    private Tensor input(Tensor x) {
        ScalarType type = weight.scalar_type();
        return x.scalar_type() == type ? x : x.to(type);
    }
}
