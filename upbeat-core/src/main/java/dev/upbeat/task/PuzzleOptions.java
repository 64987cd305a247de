package dev.upbeat.task;

import dev.upbeat.task.countdown.CountdownSettings;
import org.jspecify.annotations.Nullable;

/**
 * Which puzzles are made, for tasks that make them.
 *
 * @param numbers of each Countdown puzzle; null for 3 in the bundled model's own words, else 4
 * @param sizes of ZebraLogic's, as {@link dev.upbeat.task.zebra.GridSize#parse} reads them
 * @param cellReward what a wrong ZebraLogic solution with all but no cells wrong is worth, 0 for nothing
 * @param train training puzzles
 * @param test held-out puzzles
 */
public record PuzzleOptions(@Nullable Integer numbers, String sizes, double cellReward, int train, int test) {
    public static final String ALL_SIZES = "all";

    public static final PuzzleOptions DEFAULT =
            new PuzzleOptions(null, ALL_SIZES, 0, CountdownSettings.TRAIN, CountdownSettings.TEST);
}
