/** Verdicts by an HTTP endpoint. */
@NullMarked
package dev.upbeat.task.endpoint;

import org.jspecify.annotations.NullMarked;
