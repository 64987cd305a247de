/**
 * Learning: group-relative advantages, policy loss, gradient accumulation and AdamW, for policy optimisation and
 * supervised fine-tuning.
 */
@NullMarked
package dev.upbeat.learn;

import org.jspecify.annotations.NullMarked;
