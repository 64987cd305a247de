package dev.upbeat.checkpoint;

/** The decoder families that are read. */
public enum Architecture {
    LLAMA,
    QWEN2,
    QWEN3,
    MISTRAL
}
