/** What the parts cost, by JMH, and figures of the tasks. Whole runs are timed by {@code upbeat bench}. */
@NullMarked
package dev.upbeat.bench;

import org.jspecify.annotations.NullMarked;
