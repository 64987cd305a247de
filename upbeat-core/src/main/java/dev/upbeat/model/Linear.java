package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x weight^T + bias in the weight's dtype.
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
        ScalarType type = weight.scalar_type();
        Tensor input = x.scalar_type() == type ? x : x.to(type);
        if (type == ScalarType.Float && !GradMode.is_enabled()) {
            return Operators.linear(input, weight, bias);
        }
        return torch.linear(input, weight, bias == null ? new TensorOptional() : new TensorOptional(bias));
    }
}
