/** Answers to mathematical problems: where they stand in a response, what they mean, whether two mean the same. */
@NullMarked
package dev.upbeat.task.math;

import org.jspecify.annotations.NullMarked;
