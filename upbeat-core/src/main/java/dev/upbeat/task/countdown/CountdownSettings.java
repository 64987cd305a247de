package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;

/**
 * Which puzzles.
 *
 * @param numbers of each puzzle, 3 to 6
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record CountdownSettings(int numbers, int train, int test) {
    /** Where nobody says otherwise, to train, evaluate and score alike; the paper has 4. */
    public static final int NUMBERS = 3;

    public static final int TRAIN = 20_000;
    public static final int TEST = 512;

    private static final int LEAST_NUMBERS = 3;
    private static final int MOST_NUMBERS = 6;
    private static final int MOST_PUZZLES = 1_000_000;

    public CountdownSettings {
        if (numbers < LEAST_NUMBERS || numbers > MOST_NUMBERS) {
            throw new BadInputException(
                    "numbers " + numbers + ": expected " + LEAST_NUMBERS + " to " + MOST_NUMBERS + " numbers a puzzle");
        }
        requireCount("train", train);
        requireCount("test", test);
    }

    /** The protocol's counts. */
    public static CountdownSettings ofNumbers(int numbers) {
        return new CountdownSettings(numbers, TRAIN, TEST);
    }

    private static void requireCount(String name, int count) {
        if (count < 1 || count > MOST_PUZZLES) {
            throw new BadInputException(name + " " + count + ": expected 1 to " + MOST_PUZZLES + " puzzles");
        }
    }
}
