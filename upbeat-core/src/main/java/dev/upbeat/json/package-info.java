/** Strict JSON reading, and plain messages for faults in JSON or YAML texts. */
@NullMarked
package dev.upbeat.json;

import org.jspecify.annotations.NullMarked;
