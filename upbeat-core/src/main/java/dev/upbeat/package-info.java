/**
 * The entry point of the library: {@link dev.upbeat.Upbeat} loads a model, writes responses and measures their rhythm.
 */
@NullMarked
package dev.upbeat;

import org.jspecify.annotations.NullMarked;
