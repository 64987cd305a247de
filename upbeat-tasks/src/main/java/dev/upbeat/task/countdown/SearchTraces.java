package dev.upbeat.task.countdown;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.countdown.Search.Attempt;
import dev.upbeat.task.countdown.SearchSpace.Step;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Written searches that the bundled model learns from: up to four tries of two steps each, then a check and the
 * expression; after four failures {@code guess 87} in place of {@code check .. ok}, then the closest expression.
 *
 * <pre>
 * 6 44 37 > 75
 * try + : 44 + 6 = 50 ; left 37 50 ; want 75 : 50 + 37 = 87 x
 * try - : 37 - 6 = 31 ; left 44 31 ; want 75 : 44 + 31 = 75 !
 * check 37 - 6 = 31 ; 44 + 31 = 75 ok
 * # 44 + ( 37 - 6 )
 * </pre>
 */
public final class SearchTraces {
    /** Tokens of the longest search: 7 of the prompt, 115 of the response. */
    public static final int LONGEST = 122;

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
        Search search = search(seed, index, test);
        return new Trace(
                id(seed, index, test),
                SearchWords.ids(prompt(search.puzzle())),
                SearchWords.ids(words(search)),
                null,
                1,
                search.hits() ? 1.0 : 0.0);
    }

    /** @param test whether the puzzle is held out */
    static Search search(long seed, long index, boolean test) {
        SplittableRandom random = RandomStream.of(seed, index, test ? 1 : 0);
        return Search.of(PUZZLES.draw(random, test), random);
    }

    static String id(long seed, long index, boolean test) {
        return (test ? "held-out-" : "search-") + seed + "-" + index;
    }

    private static List<String> prompt(Puzzle puzzle) {
        List<String> words = new ArrayList<>(List.of("<bos>"));
        puzzle.numbers().forEach(number -> words.add(String.valueOf(number)));
        words.addAll(List.of(">", String.valueOf(puzzle.target()), SearchWords.NEWLINE));
        return words;
    }

    private static List<String> words(Search search) {
        int target = search.puzzle().target();
        List<String> words = new ArrayList<>();
        for (Attempt attempt : search.attempts()) {
            Step step = attempt.root().step();
            words.addAll(List.of("try", step.operation().symbol(), ":"));
            words.addAll(words(step));
            words.addAll(List.of(";", "left", number(attempt.root().rest()), number(step.result())));
            words.addAll(List.of(";", "want", number(target), ":"));
            words.addAll(words(attempt.leaf()));
            words.addAll(List.of(attempt.distance(target) == 0 ? "!" : "x", SearchWords.NEWLINE));
        }
        Attempt closest = search.closest();
        if (search.hits()) {
            words.add("check");
            words.addAll(words(closest.root().step()));
            words.add(";");
            words.addAll(words(closest.leaf()));
            words.add("ok");
        } else {
            words.addAll(List.of("guess", number(closest.leaf().result())));
        }
        words.addAll(List.of(SearchWords.NEWLINE, "#"));
        words.addAll(closest.expression());
        words.add("<eos>");
        return words;
    }

    private static List<String> words(Step step) {
        return List.of(
                number(step.left()), step.operation().symbol(), number(step.right()), "=", number(step.result()));
    }

    private static String number(int value) {
        return String.valueOf(value);
    }
}
