/** The command line: one class a command, and what all commands share. Only this package prints. */
@NullMarked
package dev.upbeat.app.cli;

import org.jspecify.annotations.NullMarked;
