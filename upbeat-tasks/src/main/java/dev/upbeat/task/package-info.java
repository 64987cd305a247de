/** What is trained and evaluated on: problems and the verifiers of their answers. */
@NullMarked
package dev.upbeat.task;

import org.jspecify.annotations.NullMarked;
