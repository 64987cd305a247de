/** Downloads models from a Hugging Face hub into its cache. */
@NullMarked
package dev.upbeat.hub;

import org.jspecify.annotations.NullMarked;
