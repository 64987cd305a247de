/** Sampling and batched decoding with a KV cache. */
@NullMarked
package dev.upbeat.rollout;

import org.jspecify.annotations.NullMarked;
