/** Tasks: problems to train and evaluate on, and the verifiers of their answers. */
@NullMarked
package dev.upbeat.task;

import org.jspecify.annotations.NullMarked;
