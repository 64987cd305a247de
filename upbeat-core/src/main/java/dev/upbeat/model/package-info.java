/**
 * The decoder (Llama, Qwen2, Qwen3, Mistral), its backward pass, its KV cache and a hook that receives its attention.
 */
@NullMarked
package dev.upbeat.model;

import org.jspecify.annotations.NullMarked;
