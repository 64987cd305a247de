/** The decoder: Llama, Qwen2, Qwen3 and Mistral by configuration, with a tap on its attention. */
@NullMarked
package dev.upbeat.model;

import org.jspecify.annotations.NullMarked;
