package dev.upbeat.task;

import dev.upbeat.task.countdown.CountdownSettings;

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

    public static final PuzzleOptions DEFAULT =
            new PuzzleOptions(CountdownSettings.NUMBERS, ALL_SIZES, 0, CountdownSettings.TRAIN, CountdownSettings.TEST);
}
