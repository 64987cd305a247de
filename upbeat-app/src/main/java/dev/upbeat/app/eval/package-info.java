/** What {@code upbeat eval} tells of an evaluation. */
@NullMarked
package dev.upbeat.app.eval;

import org.jspecify.annotations.NullMarked;
