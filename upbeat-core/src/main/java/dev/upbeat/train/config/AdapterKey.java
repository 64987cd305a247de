package dev.upbeat.train.config;

import org.jspecify.annotations.Nullable;

/** Reads the key {@code adapter}: a PEFT adapter over the model. */
final class AdapterKey {
    private static final String NONE = "none";

    private AdapterKey() {}

    /** Returns null if there is no adapter. */
    static @Nullable String read(Section root) {
        String adapter =
                root.optional("adapter", NONE).path("the directory or hub id of a PEFT adapter, or none", NONE);
        return adapter.equals(NONE) ? null : adapter;
    }
}
