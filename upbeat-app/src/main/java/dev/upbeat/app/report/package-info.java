/** {@code report.html}: one file with all measurements, which opens from disk. */
@NullMarked
package dev.upbeat.app.report;

import org.jspecify.annotations.NullMarked;
