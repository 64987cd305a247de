/** Judges (docs/credit.md, "Judges"): a chat model scores the steps of a response. Judgements are remembered in the run. */
@NullMarked
package dev.upbeat.judge;

import org.jspecify.annotations.NullMarked;
