/** Run directories: Parquet, JSON, provenance, and SQL over them. */
@NullMarked
package dev.upbeat.store;

import org.jspecify.annotations.NullMarked;
