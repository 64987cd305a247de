/** Finds models on a Hugging Face hub and keeps them in its cache. */
@NullMarked
package dev.upbeat.hub;

import org.jspecify.annotations.NullMarked;
