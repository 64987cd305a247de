/** Training configurations: YAML and {@code key.path=value} overrides to small validated records. */
@NullMarked
package dev.upbeat.train.config;

import org.jspecify.annotations.NullMarked;
