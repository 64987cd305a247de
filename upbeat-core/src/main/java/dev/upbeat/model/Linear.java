package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Linear layer, {@code x weight^T + bias}, in the dtype of the weight, with the low-rank updates of its rows if it has any.
 *
 * @param weight [O, I]
 * @param bias [O], or null
 * @param updates of consecutive outputs
 */
record Linear(Tensor weight, @Nullable Tensor bias, List<Update> updates) {
    /**
     * Low-rank update of some of the outputs.
     *
     * @param first the first output
     * @param update of B's rows
     */
    record Update(long first, LowRank update) {
        /** The outputs that are updated, of all outputs [.., O]. */
        Tensor of(Tensor outputs) {
            return outputs.narrow(-1, first, update.b().size(0));
        }
    }

    /**
     * @param x [.., I], any dtype
     * @return [.., O] in the weight's dtype
     */
    Tensor apply(Tensor x) {
        return apply(x, null);
    }

    /** As {@link #apply(Tensor)}, with dropout of the input of the updates; null for none. */
    Tensor apply(Tensor x, @Nullable Dropout dropout) {
        Tensor y = Operators.linear(input(x), weight, bias);
        if (!updates.isEmpty()) {
            Tensor wide = LowRank.wide(x);
            updates.forEach(part -> part.update.addTo(part.of(y), wide, dropout));
        }
        return y;
    }

    /** SiLU(this(x)). */
    Tensor silu(Tensor x) {
        return updates.isEmpty() ? Operators.linearSilu(input(x), weight, bias) : torch.silu_(apply(x));
    }

    /**
     * this(x) times {@code factor}, element by element.
     *
     * @param factor [.., O] in the weight's dtype
     */
    Tensor times(Tensor x, Tensor factor) {
        return updates.isEmpty() ? Operators.linearTimes(input(x), weight, bias, factor) : apply(x).mul_(factor);
    }

    /**
     * Gradient of the loss with respect to x, without the part of the updates.
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
