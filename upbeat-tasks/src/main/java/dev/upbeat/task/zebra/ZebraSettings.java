package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;
import java.util.List;

/**
 * Settings of ZebraLogic puzzles and of their reward.
 *
 * @param sizes of the puzzles, in turn; each once
 * @param train training puzzles
 * @param test held-out puzzles
 * @param cellReward factor of the reward of a wrong solution, 0 to below 1: the reward is this factor times the share of
 *     right cells
 */
public record ZebraSettings(List<GridSize> sizes, int train, int test, double cellReward) {
    public ZebraSettings {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.stream().distinct().count() < sizes.size()) {
            throw new BadInputException("sizes " + sizes + ": expected one or more, each once");
        }
        PuzzleOptions.requireCount("train", train);
        PuzzleOptions.requireCount("test", test);
        if (!(cellReward >= 0 && cellReward < 1)) {
            throw new BadInputException("cell reward " + cellReward + ": expected 0 (off) to below 1, such as 0.5");
        }
    }

    /**
     * Reward 0 or 1, {@link PuzzleOptions#TRAIN} and {@link PuzzleOptions#TEST} puzzles.
     *
     * @param sizes as {@link GridSize#parse} reads them, such as {@code all} or {@code 3x3,4x4}
     */
    public static ZebraSettings ofSizes(String sizes) {
        return new ZebraSettings(GridSize.parse(sizes), PuzzleOptions.TRAIN, PuzzleOptions.TEST, 0);
    }
}
