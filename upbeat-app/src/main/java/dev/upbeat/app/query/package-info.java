/** Results of {@code upbeat query} for people and for programs. */
@NullMarked
package dev.upbeat.app.query;

import org.jspecify.annotations.NullMarked;
