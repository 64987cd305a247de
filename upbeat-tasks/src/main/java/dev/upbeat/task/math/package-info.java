/** Answers to mathematical problems: extraction, parsing and equivalence. */
@NullMarked
package dev.upbeat.task.math;

import org.jspecify.annotations.NullMarked;
