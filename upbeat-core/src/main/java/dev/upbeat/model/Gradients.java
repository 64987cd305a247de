package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Where the gradients of weights add up. */
@FunctionalInterface
public interface Gradients {
    /** For passes that ask for the gradient of their input alone. */
    Gradients NONE = weight -> null;

    /**
     * @param weight as the decoder holds it
     * @return f32, of the weight's shape, to be added to; null where the weight is not trained
     */
    @Nullable
    Tensor of(Tensor weight);
}
