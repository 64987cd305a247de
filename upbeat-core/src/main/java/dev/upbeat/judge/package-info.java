/** Judges (docs/credit.md, "Judges"): a chat model scores the steps of a response. The run keeps the scores. */
@NullMarked
package dev.upbeat.judge;

import org.jspecify.annotations.NullMarked;
