/** Questions with options or a short free answer. */
@NullMarked
package dev.upbeat.task.qa;

import org.jspecify.annotations.NullMarked;
