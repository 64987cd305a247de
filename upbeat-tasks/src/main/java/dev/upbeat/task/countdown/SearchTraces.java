package dev.upbeat.task.countdown;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.countdown.SearchSpace.Root;
import dev.upbeat.task.countdown.SearchSpace.Step;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Written searches that the bundled model learns from: up to four tries of two steps each, then a check and the
 * expression.
 *
 * <pre>
 * 6 44 37 > 75
 * try + : 44 + 6 = 50 ; left 37 50 ; want 75 : 50 + 37 = 87 x
 * try - : 37 - 6 = 31 ; left 44 31 ; want 75 : 44 + 31 = 75 !
 * check 37 - 6 = 31 ; 44 + 31 = 75 ok
 * # 44 + ( 37 - 6 )
 * </pre>
 *
 * Steps are chosen mostly at random, so many searches fail ({@code guess 87} in place of {@code check .. ok}, then the
 * closest expression): the model learns arithmetic and search, and leaves room for reinforcement learning to improve it.
 */
public final class SearchTraces {
    /** Tokens of the longest search: 7 of the prompt, 115 of the response. */
    public static final int LONGEST = 122;

    private static final int MOST_TRIES = 4;

    /** Probability of choosing a step among those that can still hit, rather than among all. */
    private static final double INFORMED_ROOT = 0.05;

    private static final double INFORMED_LEAF = 0.1;

    private static final SearchPuzzles PUZZLES = new SearchPuzzles();

    private SearchTraces() {}

    /**
     * The search of a training puzzle, at most 115 response tokens. Its reward is 1 if it hits the target, else 0.
     *
     * @param index from 0; the trace depends on (seed, index) alone
     */
    public static Trace training(long seed, long index) {
        return trace(seed, index, false);
    }

    /** The search of a held-out puzzle, for a validation loss. */
    public static Trace heldOut(long seed, long index) {
        return trace(seed, index, true);
    }

    private static Trace trace(long seed, long index, boolean test) {
        SplittableRandom random = RandomStream.of(seed, index, test ? 1 : 0);
        Puzzle puzzle = PUZZLES.draw(random, test);
        Search search = new Search(puzzle.target());
        boolean hit = search.run(puzzle, random);
        return new Trace(
                (test ? "held-out-" : "search-") + seed + "-" + index,
                SearchWords.ids(prompt(puzzle)),
                SearchWords.ids(search.words),
                null,
                1,
                hit ? 1.0 : 0.0);
    }

    private static List<String> prompt(Puzzle puzzle) {
        List<String> words = new ArrayList<>(List.of("<bos>"));
        puzzle.numbers().forEach(number -> words.add(String.valueOf(number)));
        words.addAll(List.of(">", String.valueOf(puzzle.target()), SearchWords.NEWLINE));
        return words;
    }

    /** A root with one of its leaves. */
    private record Attempt(Root root, Step leaf) {
        int distance(int target) {
            return Math.abs(leaf.result() - target);
        }
    }

    /** One search in writing. */
    private static final class Search {
        private final int target;
        private final List<String> words = new ArrayList<>();

        Search(int target) {
            this.target = target;
        }

        /** Writes the search. Returns whether it hits the target. */
        boolean run(Puzzle puzzle, SplittableRandom random) {
            List<Integer> numbers = puzzle.numbers();
            List<Root> untried = new ArrayList<>(SearchSpace.roots(numbers.get(0), numbers.get(1), numbers.get(2)));
            Attempt closest = null;
            for (int tries = 0; tries < MOST_TRIES && !untried.isEmpty(); tries++) {
                Root root = choose(untried, candidate -> candidate.reaches(target), INFORMED_ROOT, random);
                untried.remove(root);
                Step leaf = choose(root.leaves(), step -> step.result() == target, INFORMED_LEAF, random);
                Attempt attempt = new Attempt(root, leaf);
                if (closest == null || attempt.distance(target) < closest.distance(target)) {
                    closest = attempt;
                }
                write(attempt);
                if (attempt.distance(target) == 0) {
                    add("check").add(root.step()).add(";").add(leaf).add("ok");
                    break;
                }
            }
            if (closest == null) {
                throw new IllegalStateException("no root in " + puzzle);
            }
            boolean hit = closest.distance(target) == 0;
            if (!hit) {
                add("guess").add(closest.leaf().result());
            }
            add(SearchWords.NEWLINE).add("#").expression(closest).add("<eos>");
            return hit;
        }

        private static <T> T choose(List<T> all, Predicate<T> hits, double informed, SplittableRandom random) {
            boolean choosesAmongHits = random.nextDouble() < informed;
            List<T> hitting = choosesAmongHits ? all.stream().filter(hits).toList() : List.of();
            List<T> candidates = hitting.isEmpty() ? all : hitting;
            return candidates.get(random.nextInt(candidates.size()));
        }

        private void write(Attempt attempt) {
            Step step = attempt.root().step();
            add("try").add(step.operation().symbol()).add(":").add(step).add(";");
            add("left").add(attempt.root().rest()).add(step.result()).add(";");
            add("want").add(target).add(":").add(attempt.leaf());
            add(attempt.distance(target) == 0 ? "!" : "x").add(SearchWords.NEWLINE);
        }

        private Search expression(Attempt attempt) {
            Step root = attempt.root().step();
            Step leaf = attempt.leaf();
            boolean rootFirst = leaf.left() == root.result();
            if (!rootFirst) {
                add(attempt.root().rest()).add(leaf.operation().symbol());
            }
            add("(").add(root.left()).add(root.operation().symbol()).add(root.right());
            add(")");
            if (rootFirst) {
                add(leaf.operation().symbol()).add(attempt.root().rest());
            }
            return this;
        }

        private Search add(Step step) {
            return add(step.left())
                    .add(step.operation().symbol())
                    .add(step.right())
                    .add("=")
                    .add(step.result());
        }

        private Search add(int number) {
            return add(String.valueOf(number));
        }

        private Search add(String word) {
            words.add(word);
            return this;
        }
    }
}
