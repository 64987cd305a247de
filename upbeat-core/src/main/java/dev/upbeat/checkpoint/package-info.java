/** Model files and text: safetensors, GGUF, config.json, tokenizers, chat templates, hub downloads. */
@NullMarked
package dev.upbeat.checkpoint;

import org.jspecify.annotations.NullMarked;
