/** Measures log-probs, entropy and rhythm of traces in one no-grad pass. */
@NullMarked
package dev.upbeat.observe;

import org.jspecify.annotations.NullMarked;
