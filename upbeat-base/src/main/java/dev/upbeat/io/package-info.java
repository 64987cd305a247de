/** What every package needs of input and files: one exception for bad input, the nearest known name, atomic writes. */
@NullMarked
package dev.upbeat.io;

import org.jspecify.annotations.NullMarked;
