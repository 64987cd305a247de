/** {@code report.html}: one file that opens from disk, with everything that was measured inside it. */
@NullMarked
package dev.upbeat.app.report;

import org.jspecify.annotations.NullMarked;
