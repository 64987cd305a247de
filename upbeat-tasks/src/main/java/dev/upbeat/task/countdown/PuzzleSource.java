package dev.upbeat.task.countdown;

import java.util.SplittableRandom;

/** A distribution of puzzles that can all be solved. */
sealed interface PuzzleSource permits RandomPuzzles, SearchPuzzles {
    /** @param test whether for the test; a source need not tell test from training puzzles */
    Puzzle draw(SplittableRandom random, boolean test);
}
