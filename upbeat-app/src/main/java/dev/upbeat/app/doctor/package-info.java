/** What this machine offers Upbeat, and what is missing. */
@NullMarked
package dev.upbeat.app.doctor;

import org.jspecify.annotations.NullMarked;
