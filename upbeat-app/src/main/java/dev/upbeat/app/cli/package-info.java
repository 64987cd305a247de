/** The command line: one class per command, and the parts that all commands share. Only this package prints. */
@NullMarked
package dev.upbeat.app.cli;

import org.jspecify.annotations.NullMarked;
