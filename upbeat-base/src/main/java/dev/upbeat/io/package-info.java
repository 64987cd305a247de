/** Input and files: the exception for bad input, checked reads, atomic writes, digests. */
@NullMarked
package dev.upbeat.io;

import org.jspecify.annotations.NullMarked;
