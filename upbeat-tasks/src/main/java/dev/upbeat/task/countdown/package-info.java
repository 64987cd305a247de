/** Countdown: numbers and a target, and the bundled model's way of searching for the expression. */
@NullMarked
package dev.upbeat.task.countdown;

import org.jspecify.annotations.NullMarked;
