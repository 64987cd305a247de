package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;

/**
 * Which puzzles, and what is rewarded.
 *
 * @param numbers of each puzzle, 3 to 6
 * @param train training puzzles
 * @param test held-out puzzles
 * @param formatReward what a wrong answer in the right place is worth, 0 to 1: TinyZero's is 0.1
 */
public record CountdownSettings(int numbers, int train, int test, double formatReward) {
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
        if (!(formatReward >= 0 && formatReward < 1)) {
            throw new BadInputException("format reward " + formatReward + ": expected 0 (off) to below 1, such as 0.1");
        }
    }

    /** The protocol's counts, reward 0 or 1. */
    public static CountdownSettings ofNumbers(int numbers) {
        return new CountdownSettings(numbers, TRAIN, TEST, 0);
    }

    private static void requireCount(String name, int count) {
        if (count < 1 || count > MOST_PUZZLES) {
            throw new BadInputException(name + " " + count + ": expected 1 to " + MOST_PUZZLES + " puzzles");
        }
    }
}
