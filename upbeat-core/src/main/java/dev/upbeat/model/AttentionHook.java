package dev.upbeat.model;

import dev.upbeat.tensor.LayerAttention;

/** Observes attention inside a forward pass, one layer at a time. */
public interface AttentionHook {
    /** Whether {@link #see} is called for this layer. */
    boolean wants(int layer);

    /** @param attention of the layer; valid until this method returns, and not to be changed */
    void see(int layer, LayerAttention attention);
}
