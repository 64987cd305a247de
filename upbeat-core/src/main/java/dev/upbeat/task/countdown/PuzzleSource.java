package dev.upbeat.task.countdown;

import java.util.SplittableRandom;

/** A distribution of puzzles that can all be solved. */
sealed interface PuzzleSource permits RandomPuzzles, SearchPuzzles {
    Puzzle draw(SplittableRandom random);

    /** Whether a puzzle may be drawn for training ({@code test} false) or for the test; a source need not tell them apart. */
    boolean belongs(Puzzle puzzle, boolean test);
}
