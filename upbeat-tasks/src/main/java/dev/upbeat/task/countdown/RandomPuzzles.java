package dev.upbeat.task.countdown;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Puzzles of any number of numbers, by TinyZero's protocol: the numbers uniform in 1..99, the target in 10..99. The target
 * is the value of a random expression (random pairs of the remaining numbers, random operations, intermediate results whole and
 * from 1 to 9,999), so that every puzzle can be solved; both are drawn again if the value is not a target. Test puzzles
 * are drawn like training puzzles; the caller keeps them apart.
 */
record RandomPuzzles(int count) implements PuzzleSource {
    static final int LARGEST_NUMBER = 99;
    static final int SMALLEST_TARGET = 10;
    static final int LARGEST_TARGET = 99;

    private static final int LARGEST_RESULT = 9_999;

    @Override
    public Puzzle draw(SplittableRandom random, boolean test) {
        while (true) {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                numbers.add(1 + random.nextInt(LARGEST_NUMBER));
            }
            OptionalInt value = combine(numbers, random);
            if (value.isPresent() && value.getAsInt() >= SMALLEST_TARGET && value.getAsInt() <= LARGEST_TARGET) {
                return new Puzzle(numbers, value.getAsInt());
            }
        }
    }

    private static OptionalInt combine(List<Integer> numbers, SplittableRandom random) {
        List<Integer> left = new ArrayList<>(numbers);
        while (left.size() > 1) {
            int a = left.remove(random.nextInt(left.size()));
            int b = left.remove(random.nextInt(left.size()));
            Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
            OptionalInt result = operation.apply(Math.max(a, b), Math.min(a, b), LARGEST_RESULT);
            if (result.isEmpty()) {
                return result;
            }
            left.add(result.getAsInt());
        }
        return OptionalInt.of(left.get(0));
    }
}
