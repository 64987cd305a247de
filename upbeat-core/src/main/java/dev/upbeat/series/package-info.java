/** Choices among the values of a series of numbers, one a token. */
@NullMarked
package dev.upbeat.series;

import org.jspecify.annotations.NullMarked;
