package dev.upbeat.task.countdown;

import java.util.SplittableRandom;

/** A distribution of solvable puzzles. */
sealed interface PuzzleSource permits RandomPuzzles, SearchPuzzles {
    /** @param test whether the puzzle is for the test; a source may ignore it */
    Puzzle draw(SplittableRandom random, boolean test);
}
