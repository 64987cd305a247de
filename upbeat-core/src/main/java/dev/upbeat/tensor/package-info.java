/** libtorch from Java: ownership of native memory, dtypes, threads, and operators without a binding. */
@NullMarked
package dev.upbeat.tensor;

import org.jspecify.annotations.NullMarked;
