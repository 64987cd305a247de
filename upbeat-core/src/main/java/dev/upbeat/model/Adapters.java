package dev.upbeat.model;

import org.jspecify.annotations.Nullable;

/** Low-rank updates of the weights of a decoder. */
@FunctionalInterface
public interface Adapters {
    /** No updates. */
    Adapters NONE = weight -> null;

    /**
     * The update of a weight. Its tensors must stay open as long as the decoder is used. Changes of their values take effect
     * at once.
     *
     * @param weight name in the Hugging Face form, such as {@code model.layers.0.self_attn.q_proj.weight}
     * @return null if the weight has none
     */
    @Nullable
    LowRank of(String weight);
}
