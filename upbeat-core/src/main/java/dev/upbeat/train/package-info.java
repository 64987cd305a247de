/**
 * Training runs: the training step ({@code Trainer}), the files of a run, and resume after a crash. Gradient steps are in
 * {@code dev.upbeat.learn}.
 */
@NullMarked
package dev.upbeat.train;

import org.jspecify.annotations.NullMarked;
