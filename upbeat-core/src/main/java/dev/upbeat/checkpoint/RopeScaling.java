package dev.upbeat.checkpoint;

/** How rotary frequencies are stretched beyond the context that the model was trained on. */
public sealed interface RopeScaling {
    /** Frequencies as they are. */
    record None() implements RopeScaling {}

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /** Llama 3.1: low frequencies divided by {@code factor}, high ones kept, a smooth blend between. */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements RopeScaling {}
}
