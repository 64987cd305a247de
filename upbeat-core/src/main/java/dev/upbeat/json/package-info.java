/** Reads JSON strictly, and says in plain words what is wrong with a JSON or YAML text. */
@NullMarked
package dev.upbeat.json;

import org.jspecify.annotations.NullMarked;
