/** Checks of the machine, behind {@code upbeat doctor}. */
@NullMarked
package dev.upbeat.app.doctor;

import org.jspecify.annotations.NullMarked;
