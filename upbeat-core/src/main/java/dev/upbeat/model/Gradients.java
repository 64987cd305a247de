package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Accumulated gradients of weights. */
@FunctionalInterface
public interface Gradients {
    /** No weight gradients, for passes that need only the gradient of their input. */
    Gradients NONE = weight -> null;

    /**
     * The gradient that a backward pass adds to.
     *
     * @param weight a tensor of the decoder
     * @return f32, of the weight's shape; null if the weight is not trained
     */
    @Nullable
    Tensor of(Tensor weight);
}
