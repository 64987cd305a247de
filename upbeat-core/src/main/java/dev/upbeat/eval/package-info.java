/** Evaluation: accuracy of a model on tasks, with intervals. */
@NullMarked
package dev.upbeat.eval;

import org.jspecify.annotations.NullMarked;
