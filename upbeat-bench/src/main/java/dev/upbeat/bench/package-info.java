/**
 * Benchmarks of single operations with JMH, and measurements of the tasks. {@code upbeat bench} measures whole runs.
 */
@NullMarked
package dev.upbeat.bench;

import org.jspecify.annotations.NullMarked;
