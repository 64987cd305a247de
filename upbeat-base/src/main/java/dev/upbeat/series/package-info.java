/** Series of numbers: selection of the largest values, median, shares and random streams. */
@NullMarked
package dev.upbeat.series;

import org.jspecify.annotations.NullMarked;
