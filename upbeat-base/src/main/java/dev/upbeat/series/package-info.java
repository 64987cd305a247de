/** Series of numbers: choices among the values of one, a token each, and random ones that belong to a key. */
@NullMarked
package dev.upbeat.series;

import org.jspecify.annotations.NullMarked;
