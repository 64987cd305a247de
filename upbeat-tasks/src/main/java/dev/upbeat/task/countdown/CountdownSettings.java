package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;

/**
 * Settings of Countdown puzzles.
 *
 * @param numbers of each puzzle, 3 to 6
 * @param small whether numbers, results and targets are small, as in the bundled model's puzzles; only with three numbers
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record CountdownSettings(int numbers, boolean small, int train, int test) {
    private static final int LEAST_NUMBERS = 3;
    private static final int MOST_NUMBERS = 6;

    public CountdownSettings {
        if (numbers < LEAST_NUMBERS || numbers > MOST_NUMBERS) {
            throw new BadInputException(
                    "numbers " + numbers + ": expected " + LEAST_NUMBERS + " to " + MOST_NUMBERS + " numbers a puzzle");
        }
        if (small && numbers != SearchPuzzles.NUMBERS) {
            throw new BadInputException("numbers " + numbers + ": small puzzles have " + SearchPuzzles.NUMBERS
                    + " numbers; set numbers to " + SearchPuzzles.NUMBERS + ", or take the usual puzzles");
        }
        PuzzleOptions.requireCount("train", train);
        PuzzleOptions.requireCount("test", test);
    }

    /** Settings of the usual puzzles. */
    public CountdownSettings(int numbers, int train, int test) {
        this(numbers, false, train, test);
    }

    /** Settings with the counts of the protocol. */
    public static CountdownSettings ofNumbers(int numbers) {
        return new CountdownSettings(numbers, PuzzleOptions.TRAIN, PuzzleOptions.TEST);
    }
}
