/** Small-sample statistics: intervals, tests and the power of paired comparisons. Plain arrays in, plain numbers out. */
@NullMarked
package dev.upbeat.stats;

import org.jspecify.annotations.NullMarked;
