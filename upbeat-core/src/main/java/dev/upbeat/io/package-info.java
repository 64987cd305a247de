/** What every package needs of files: one exception for bad input, atomic writes. */
@NullMarked
package dev.upbeat.io;

import org.jspecify.annotations.NullMarked;
