package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;

/** Validates a gamma from a column or a user class. */
final class GammaCheck {
    private GammaCheck() {}

    /**
     * @throws BadInputException if the number of weights is not the number of tokens, or a weight is not finite or
     *     negative
     */
    static void require(String source, String id, int tokens, float[] gamma) {
        if (gamma.length != tokens) {
            throw new BadInputException("credit: " + source + " gives trace " + id + " " + gamma.length
                    + " weights; expected " + tokens + ", one per response token");
        }
        for (int t = 0; t < gamma.length; t++) {
            if (!Float.isFinite(gamma[t]) || gamma[t] < 0) {
                throw new BadInputException("credit: " + source + " gives response token " + t + " of trace " + id
                        + " the weight " + gamma[t] + "; expected a finite number of at least 0");
            }
        }
    }
}
