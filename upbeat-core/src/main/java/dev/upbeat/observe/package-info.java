/** One no-grad pass over traces: log-probs, entropy and rhythm. */
@NullMarked
package dev.upbeat.observe;

import org.jspecify.annotations.NullMarked;
