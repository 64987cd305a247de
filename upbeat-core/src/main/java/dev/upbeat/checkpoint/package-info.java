/** Models on disk: configuration and weights of Hugging Face directories and GGUF files, read and written. */
@NullMarked
package dev.upbeat.checkpoint;

import org.jspecify.annotations.NullMarked;
