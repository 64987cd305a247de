package dev.upbeat.task.countdown;

import dev.upbeat.task.countdown.SearchSpace.Root;
import dev.upbeat.task.countdown.SearchSpace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A search for the expression of a puzzle of three numbers: up to four attempts, until one hits the target. Steps are chosen
 * mostly at random, so many searches fail: a model learns arithmetic and search from them, and leaves room for reinforcement
 * learning to improve it.
 *
 * @param attempts in their order, at least one; only the last may hit
 * @param closest the attempt with the value closest to the target, the earliest of equals
 */
record Search(Puzzle puzzle, List<Attempt> attempts, Attempt closest) {
    private static final int MOST_ATTEMPTS = 4;

    /** Probability of choosing a step among those that can still hit, rather than among all. */
    private static final double INFORMED_ROOT = 0.05;

    private static final double INFORMED_LEAF = 0.1;

    /** A root with one of its leaves. */
    record Attempt(Root root, Step leaf) {
        int distance(int target) {
            return Math.abs(leaf.result() - target);
        }

        /** The words of the expression: {@code 44 + ( 37 - 6 )}. */
        List<String> expression() {
            Step step = root.step();
            List<String> words = new ArrayList<>();
            boolean rootFirst = leaf.left() == step.result();
            if (!rootFirst) {
                words.addAll(
                        List.of(String.valueOf(root.rest()), leaf.operation().symbol()));
            }
            words.addAll(List.of(
                    "(", String.valueOf(step.left()), step.operation().symbol(), String.valueOf(step.right()), ")"));
            if (rootFirst) {
                words.addAll(List.of(leaf.operation().symbol(), String.valueOf(root.rest())));
            }
            return words;
        }
    }

    /** @throws IllegalArgumentException if no operation applies to the numbers, which no puzzle of {@link SearchPuzzles} has */
    static Search of(Puzzle puzzle, SplittableRandom random) {
        List<Integer> numbers = puzzle.numbers();
        int target = puzzle.target();
        List<Root> untried = new ArrayList<>(SearchSpace.roots(numbers.get(0), numbers.get(1), numbers.get(2)));
        if (untried.isEmpty()) {
            throw new IllegalArgumentException("no root in " + puzzle);
        }
        List<Attempt> attempts = new ArrayList<>();
        while (attempts.size() < MOST_ATTEMPTS && !untried.isEmpty()) {
            Root root = choose(untried, candidate -> candidate.reaches(target), INFORMED_ROOT, random);
            untried.remove(root);
            Step leaf = choose(root.leaves(), step -> step.result() == target, INFORMED_LEAF, random);
            Attempt attempt = new Attempt(root, leaf);
            attempts.add(attempt);
            if (attempt.distance(target) == 0) {
                break;
            }
        }
        Attempt closest = attempts.get(0);
        for (Attempt attempt : attempts) {
            closest = attempt.distance(target) < closest.distance(target) ? attempt : closest;
        }
        return new Search(puzzle, List.copyOf(attempts), closest);
    }

    boolean hits() {
        return closest.distance(puzzle.target()) == 0;
    }

    private static <T> T choose(List<T> all, Predicate<T> hits, double informed, SplittableRandom random) {
        boolean choosesAmongHits = random.nextDouble() < informed;
        List<T> hitting = choosesAmongHits ? all.stream().filter(hits).toList() : List.of();
        List<T> candidates = hitting.isEmpty() ? all : hitting;
        return candidates.get(random.nextInt(candidates.size()));
    }
}
