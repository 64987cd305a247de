/** The library's entry: {@link dev.upbeat.Upbeat} loads a model that can write and be watched. */
@NullMarked
package dev.upbeat;

import org.jspecify.annotations.NullMarked;
