/**
 * Whole trainings: what happens in a step ({@code Trainer}), what is kept of it, and how a run that died goes on. What a
 * gradient step does is {@code dev.upbeat.learn}'s.
 */
@NullMarked
package dev.upbeat.train;

import org.jspecify.annotations.NullMarked;
