/** libtorch from Java: ownership scopes, dtypes, threads, operators without a binding. */
@NullMarked
package dev.upbeat.tensor;

import org.jspecify.annotations.NullMarked;
