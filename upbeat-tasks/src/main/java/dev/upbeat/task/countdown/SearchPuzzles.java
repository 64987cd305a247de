package dev.upbeat.task.countdown;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Small puzzles, among them the bundled model's: three numbers uniform in 1..50, the target uniform over the values 10..99 that {@link
 * SearchSpace} reaches and that differ from the numbers; the numbers are drawn again if there is no such target.
 */
record SearchPuzzles() implements PuzzleSource {
    static final int NUMBERS = 3;
    static final int LARGEST_NUMBER = 50;

    private static final int SMALLEST_TARGET = 10;

    @Override
    public Puzzle draw(SplittableRandom random, boolean test) {
        while (true) {
            int a = 1 + random.nextInt(LARGEST_NUMBER);
            int b = 1 + random.nextInt(LARGEST_NUMBER);
            int c = 1 + random.nextInt(LARGEST_NUMBER);
            int[] sorted = IntStream.of(a, b, c).sorted().toArray();
            if (heldOut(sorted[0], sorted[1], sorted[2]) != test) {
                continue;
            }
            int[] targets = SearchSpace.targets(a, b, c, SMALLEST_TARGET);
            if (targets.length > 0) {
                return new Puzzle(List.of(a, b, c), targets[random.nextInt(targets.length)]);
            }
        }
    }

    /** Whether a triple, whatever its order and target, is for tests alone: 1,312 of 22,100 are. For a <= b <= c. */
    static boolean heldOut(int a, int b, int c) {
        return (31 * a * a + 17 * b * b + 7 * c + a * b) % 16 == 0;
    }
}
