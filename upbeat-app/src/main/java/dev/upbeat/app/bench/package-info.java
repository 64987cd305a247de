/** The benchmarks behind {@code upbeat bench}. */
@NullMarked
package dev.upbeat.app.bench;

import org.jspecify.annotations.NullMarked;
