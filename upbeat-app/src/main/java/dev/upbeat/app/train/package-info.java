/** What the application adds to a training: its report. */
@NullMarked
package dev.upbeat.app.train;

import org.jspecify.annotations.NullMarked;
