package dev.upbeat.rollout;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;

/**
 * A continuation of a prefix.
 *
 * @param length number of prefix tokens to keep, at least 1
 * @param id token appended to them
 * @param most maximum number of new tokens after it, 0 or more
 */
public record Fork(int length, int id, int most) {
    void requireFits(int prefix, ModelConfig model) {
        if (length < 1 || length > prefix || most < 0) {
            throw new IllegalArgumentException(this + " of a prefix of " + prefix + " tokens; expected 1 to " + prefix
                    + " kept and 0 or more new tokens");
        }
        model.requireKnown(new int[] {id}, "the token appended to " + length + " tokens:");
        if (length + 1 + most > model.context()) {
            throw new BadInputException("a continuation of " + most + " tokens after " + (length + 1)
                    + " is longer than the model's context of " + model.context() + "; ask for fewer tokens");
        }
    }
}
