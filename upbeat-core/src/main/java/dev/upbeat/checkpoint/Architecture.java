package dev.upbeat.checkpoint;

/** Supported decoder families. */
public enum Architecture {
    LLAMA,
    QWEN2,
    QWEN3,
    MISTRAL
}
