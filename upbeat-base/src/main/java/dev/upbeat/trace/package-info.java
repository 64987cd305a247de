/**
 * Shared data types, as plain arrays: prompts, traces, rollouts, scores, observations, head groups, steps and updates.
 */
@NullMarked
package dev.upbeat.trace;

import org.jspecify.annotations.NullMarked;
