/** The report of a training. */
@NullMarked
package dev.upbeat.app.train;

import org.jspecify.annotations.NullMarked;
