/** Reads GGUF files: header, metadata and tensors. */
@NullMarked
package dev.upbeat.gguf;

import org.jspecify.annotations.NullMarked;
