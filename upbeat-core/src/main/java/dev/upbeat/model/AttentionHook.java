package dev.upbeat.model;

import dev.upbeat.tensor.LayerAttention;

/** Receives the attention of each layer during a forward pass. */
public interface AttentionHook {
    /** Whether {@link #observe} is called for this layer. */
    boolean wants(int layer);

    /** Whether {@link #observe} gets weights by value norm (docs/method.md, section 3) instead of attention weights. */
    default boolean byValueNorm() {
        return false;
    }

    /** @param attention of the layer; valid until this method returns, and must not be changed */
    void observe(int layer, LayerAttention attention);
}
