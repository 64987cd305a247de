/**
 * Jinja templates as transformers renders chat templates: the part of the language that chat templates use, with Python's
 * values. Reads no files and calls no code but its own.
 */
@NullMarked
package dev.upbeat.jinja;

import org.jspecify.annotations.NullMarked;
