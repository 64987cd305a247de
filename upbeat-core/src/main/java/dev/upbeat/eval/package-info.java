/** How often a model's answers are right, and how sure that is. */
@NullMarked
package dev.upbeat.eval;

import org.jspecify.annotations.NullMarked;
