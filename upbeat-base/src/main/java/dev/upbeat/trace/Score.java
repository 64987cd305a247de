package dev.upbeat.trace;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A verifier's verdict on one response.
 *
 * @param reward what training is given
 * @param parts what the reward is made of, by name; {@link #CORRECT} is always there: 1 for a right answer, 0 for a wrong one
 * @param parsed the answer that was found in the response, null where none was
 * @param reason why, in a few words
 */
public record Score(
        double reward, Map<String, Double> parts, @Nullable String parsed, String reason) {
    /** The part that accuracy counts. */
    public static final String CORRECT = "correct";

    public Score {
        parts = Map.copyOf(parts);
        Objects.requireNonNull(reason, "a score needs a reason");
        if (!Double.isFinite(reward)) {
            throw new IllegalArgumentException("reward " + reward + " is not a finite number (" + reason + ")");
        }
        parts.forEach((name, part) -> {
            if (!Double.isFinite(part)) {
                throw new IllegalArgumentException(
                        "part " + name + " of a reward is " + part + ", which is not a finite number");
            }
        });
        if (!parts.containsKey(CORRECT)) {
            throw new IllegalArgumentException("the parts " + parts.keySet() + " do not say " + CORRECT);
        }
    }

    /** Whether the answer is right, whatever else the reward is made of. */
    public boolean correct() {
        return Double.valueOf(1).equals(parts.get(CORRECT));
    }
}
