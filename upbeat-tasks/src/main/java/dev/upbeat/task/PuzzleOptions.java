package dev.upbeat.task;

import dev.upbeat.io.BadInputException;

/**
 * Which puzzles are made, for tasks that make them.
 *
 * @param numbers of each Countdown puzzle
 * @param sizes of ZebraLogic's, as {@link dev.upbeat.task.zebra.GridSize#parse} reads them
 * @param cellReward what a wrong ZebraLogic solution with all but no cells wrong is worth, 0 for nothing
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record PuzzleOptions(int numbers, String sizes, double cellReward, int train, int test) {
    public static final String ALL_SIZES = "all";

    /** Of each Countdown puzzle, where nobody says otherwise, to train, evaluate and score alike; the paper has 4. */
    public static final int NUMBERS = 3;

    /** Puzzles in the protocol of Countdown; where nobody says otherwise, of every task that makes them. */
    public static final int TRAIN = 20_000;

    public static final int TEST = 512;
    public static final int MOST = 1_000_000;

    public static final PuzzleOptions DEFAULT = new PuzzleOptions(NUMBERS, ALL_SIZES, 0, TRAIN, TEST);

    /** @throws BadInputException where a number of training or test puzzles is below 1 or above {@link #MOST} */
    public static void requireCount(String name, int count) {
        if (count < 1 || count > MOST) {
            throw new BadInputException(name + " " + count + ": expected 1 to " + MOST + " puzzles");
        }
    }
}
