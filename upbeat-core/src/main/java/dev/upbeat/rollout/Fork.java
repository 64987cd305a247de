package dev.upbeat.rollout;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;

/**
 * One way to go on from a beginning.
 *
 * @param length tokens of the beginning that it keeps, at least 1
 * @param id the token that is put behind them
 * @param most new tokens behind that, 0 or more
 */
public record Fork(int length, int id, int most) {
    void requireFits(int beginning, ModelConfig model) {
        if (length < 1 || length > beginning || most < 0) {
            throw new IllegalArgumentException(this + " of a beginning of " + beginning + " tokens");
        }
        model.requireKnown(new int[] {id}, "the token put behind token " + length + ":");
        if (length + 1 + most > model.context()) {
            throw new BadInputException("a continuation of " + most + " tokens behind " + (length + 1)
                    + " is longer than the model's context of " + model.context() + "; ask for fewer tokens");
        }
    }
}
