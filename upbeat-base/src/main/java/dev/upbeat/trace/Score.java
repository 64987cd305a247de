package dev.upbeat.trace;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verdict of a verifier on one response.
 *
 * @param reward for training
 * @param parts of the reward, by name; always with {@link #CORRECT}: 1 for a right answer, 0 for a wrong one
 * @param parsed the answer in the response; null if none was found
 * @param reason of the verdict, in a few words
 * @param marked whether the response marks the answer, such as with a box; a format reward requires it. False if the
 *     answer is merely the last number of the text
 */
public record Score(
        double reward, Map<String, Double> parts, @Nullable String parsed, String reason, boolean marked) {
    /** Name of the part that accuracy counts. */
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
            throw new IllegalArgumentException("the parts " + parts.keySet() + " lack " + CORRECT);
        }
    }

    /** A verdict whose answer counts as marked, unless it is null or blank. */
    public Score(double reward, Map<String, Double> parts, @Nullable String parsed, String reason) {
        this(reward, parts, parsed, reason, parsed != null && !parsed.isBlank());
    }

    /** The same verdict with another value of {@code marked}. */
    public Score markedIf(boolean isMarked) {
        return new Score(reward, parts, parsed, reason, isMarked);
    }

    /** A verdict whose reward is 1 if the answer is right, else 0. */
    public static Score of(boolean right, @Nullable String parsed, String reason) {
        double reward = right ? 1 : 0;
        return new Score(reward, Map.of(CORRECT, reward), parsed, reason);
    }

    /** Whether the answer is right, regardless of other parts of the reward. */
    public boolean correct() {
        return Double.valueOf(1).equals(parts.get(CORRECT));
    }
}
