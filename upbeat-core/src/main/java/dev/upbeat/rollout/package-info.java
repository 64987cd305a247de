/** Sampling and batched decoding with a key/value cache. */
@NullMarked
package dev.upbeat.rollout;

import org.jspecify.annotations.NullMarked;
