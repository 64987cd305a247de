/** Learning: one set of f32 weights, gradients by micro-batches, AdamW; supervised and by group-relative policy optimisation. */
@NullMarked
package dev.upbeat.learn;

import org.jspecify.annotations.NullMarked;
