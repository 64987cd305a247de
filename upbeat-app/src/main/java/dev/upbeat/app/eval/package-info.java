/** The summary that {@code upbeat eval} prints. */
@NullMarked
package dev.upbeat.app.eval;

import org.jspecify.annotations.NullMarked;
