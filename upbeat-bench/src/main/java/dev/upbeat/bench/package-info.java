/** What the parts cost. JMH only: whole runs are timed by {@code upbeat bench}. */
@NullMarked
package dev.upbeat.bench;

import org.jspecify.annotations.NullMarked;
