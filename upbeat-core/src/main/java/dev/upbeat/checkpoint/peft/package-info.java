/** PEFT adapters over a model: their settings, their tensors, and the model's weights with an adapter merged in. */
@NullMarked
package dev.upbeat.checkpoint.peft;

import org.jspecify.annotations.NullMarked;
