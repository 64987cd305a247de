package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;

/**
 * Settings of Countdown puzzles.
 *
 * @param numbers of each puzzle, 3 to 6
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record CountdownSettings(int numbers, int train, int test) {
    private static final int LEAST_NUMBERS = 3;
    private static final int MOST_NUMBERS = 6;

    public CountdownSettings {
        if (numbers < LEAST_NUMBERS || numbers > MOST_NUMBERS) {
            throw new BadInputException(
                    "numbers " + numbers + ": expected " + LEAST_NUMBERS + " to " + MOST_NUMBERS + " numbers a puzzle");
        }
        PuzzleOptions.requireCount("train", train);
        PuzzleOptions.requireCount("test", test);
    }

    /** Settings with the counts of the protocol. */
    public static CountdownSettings ofNumbers(int numbers) {
        return new CountdownSettings(numbers, PuzzleOptions.TRAIN, PuzzleOptions.TEST);
    }
}
