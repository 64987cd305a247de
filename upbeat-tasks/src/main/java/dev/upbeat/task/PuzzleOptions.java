package dev.upbeat.task;

import dev.upbeat.io.BadInputException;

/**
 * Options of tasks that generate puzzles.
 *
 * @param numbers of each Countdown puzzle
 * @param small whether Countdown's puzzles are the small ones that the bundled model has
 * @param sizes of ZebraLogic puzzles, as {@link dev.upbeat.task.zebra.GridSize#parse} reads them
 * @param cellReward factor of the reward of a wrong ZebraLogic solution: this times its share of right cells; 0 for no reward
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record PuzzleOptions(int numbers, boolean small, String sizes, double cellReward, int train, int test) {
    public static final String ALL_SIZES = "all";

    /** Default count of numbers of a Countdown puzzle in training, evaluation and scoring; the paper has 4. */
    public static final int NUMBERS = 3;

    /** Default count of training puzzles, as in the protocol of Countdown. */
    public static final int TRAIN = 20_000;

    public static final int TEST = 512;
    public static final int MOST = 1_000_000;

    public static final PuzzleOptions DEFAULT = new PuzzleOptions(NUMBERS, false, ALL_SIZES, 0, TRAIN, TEST);

    /** @throws BadInputException if a number of training or test puzzles is below 1 or above {@link #MOST} */
    public static void requireCount(String name, int count) {
        if (count < 1 || count > MOST) {
            throw new BadInputException(name + " " + count + ": expected 1 to " + MOST + " puzzles");
        }
    }
}
