/** Figures of a trace for a paper: the tinted text and the curves over its tokens, as SVG and PNG. */
@NullMarked
package dev.upbeat.app.figure;

import org.jspecify.annotations.NullMarked;
