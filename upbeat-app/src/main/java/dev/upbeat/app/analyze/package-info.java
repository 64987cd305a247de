/** From prompts or traces to a run directory with its report. */
@NullMarked
package dev.upbeat.app.analyze;

import org.jspecify.annotations.NullMarked;
