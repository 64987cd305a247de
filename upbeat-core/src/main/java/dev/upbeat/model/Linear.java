package dev.upbeat.model;

import dev.upbeat.tensor.Int8Matrix;
import dev.upbeat.tensor.Operators;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
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
 * @param int8 the weight with its updates in int8, which is multiplied in their place; null for an exact layer
 */
record Linear(
        Tensor weight,
        @Nullable Tensor bias,
        List<Update> updates,
        @Nullable Int8Matrix int8) {
    Linear(Tensor weight, @Nullable Tensor bias, List<Update> updates) {
        this(weight, bias, updates, null);
    }

    /** The same layer with its weight rounded to int8. */
    Linear rounded() {
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            Tensor plain = plainWeight();
            if (!updates.isEmpty()) {
                plain = plain.to(ScalarType.Float).clone();
                for (Update part : updates) {
                    LowRank update = part.update;
                    plain.narrow(0, part.first, update.b().size(0))
                            .add_(update.b().mm(update.a()), new Scalar(update.scale()));
                }
            }
            return new Linear(weight, bias, updates, Int8Matrix.of(plain));
        }
    }

    /** SiLU(gate(x)) times up(x), element by element. */
    static Tensor gated(Tensor x, Linear gate, Linear up) {
        if (gate.int8 == null || up.int8 == null) {
            return up.times(x, gate.silu(x));
        }
        Int8Matrix.Rows rows = Int8Matrix.Rows.of(x);
        return torch.silu_(gate.int8Product(rows, gate.int8)).mul_(up.int8Product(rows, up.int8));
    }

    private Tensor int8Product(Int8Matrix.Rows rows, Int8Matrix matrix) {
        Tensor y = matrix.multiply(rows);
        return (bias == null ? y : y.add_(bias)).to(weight.scalar_type());
    }

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
        if (int8 != null) {
            return int8Product(Int8Matrix.Rows.of(x), int8);
        }
        Tensor y = Operators.linear(input(x), weight, bias);
        if (!updates.isEmpty()) {
            Tensor wide = LowRank.wide(x);
            updates.forEach(part -> part.update.addTo(part.of(y), wide, dropout));
        }
        return y;
    }

    /** SiLU(this(x)), without int8. */
    private Tensor silu(Tensor x) {
        return updates.isEmpty() ? Operators.linearSilu(input(x), weight, bias) : torch.silu_(apply(x));
    }

    /**
     * this(x) times {@code factor}, element by element, without int8.
     *
     * @param factor [.., O] in the weight's dtype
     */
    private Tensor times(Tensor x, Tensor factor) {
        return updates.isEmpty() ? Operators.linearTimes(input(x), weight, bias, factor) : apply(x).mul_(factor);
    }

    /**
     * Gradient of the loss with respect to x, without the part of the updates.
     *
     * @param gradient of the loss with respect to this(x), [N, O], in the weight's dtype
     * @return [N, I]
     */
    Tensor inputGradient(Tensor gradient) {
        return Operators.linear(gradient, plainWeight().t(), null);
    }

    /** A packed weight can be neither transposed nor rounded. */
    private Tensor plainWeight() {
        return weight.is_mkldnn() ? weight.to_dense() : weight;
    }

    private Tensor input(Tensor x) {
        ScalarType type = weight.scalar_type();
        return x.scalar_type() == type ? x : x.to(type);
    }
}
