/** The nouns that flow between packages, as plain arrays: traces, observations, head groups. */
@NullMarked
package dev.upbeat.trace;

import org.jspecify.annotations.NullMarked;
