package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Rational;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Countdown (docs/method.md, section 8): an expression that uses each number exactly once and has the target's value,
 * verified by exact rational arithmetic. Training and test puzzles differ in sorted numbers or target, and are the same
 * in every run; a run's seed orders them.
 */
public final class Countdown implements Task {
    private static final long PUZZLES_SEED = 0;

    /** Repeated puzzles in a row after which no new one is expected. */
    private static final int MOST_REPEATED = 2_000;

    private static final int LONGEST_SHOWN = 200;

    private final CountdownSettings settings;
    private final PuzzleSource source;
    private final AnswerFormat format;
    private final List<Puzzle> test;
    private @Nullable List<Puzzle> train; // made on first use

    private Countdown(CountdownSettings settings, PuzzleSource source, AnswerFormat format) {
        this.settings = settings;
        this.source = source;
        this.format = format;
        this.test = draw(settings.test(), true, Set.of());
    }

    /**
     * Puzzles in words, for any language model; the answer is in {@code <answer>} tags or in {@code \boxed}.
     *
     * @param prompt as {@link dev.upbeat.task.PromptStyle#of} reads it; null for TinyZero's, and for rows' own prompts
     */
    public static Countdown inWords(CountdownSettings settings, @Nullable String prompt) {
        PuzzleSource source = settings.small() ? new SearchPuzzles() : new RandomPuzzles(settings.numbers());
        return new Countdown(settings, source, new QuestionFormat(prompt));
    }

    /**
     * Puzzles for the bundled model, in its vocabulary ({@link SearchTraces}).
     *
     * @throws BadInputException if a puzzle has other than three numbers
     */
    public static Countdown asSearch(CountdownSettings settings) {
        if (settings.numbers() != SearchPuzzles.NUMBERS) {
            throw new BadInputException("numbers " + settings.numbers() + ": this model's vocabulary is for puzzles of "
                    + SearchPuzzles.NUMBERS + " numbers; set numbers to " + SearchPuzzles.NUMBERS);
        }
        return new Countdown(settings, new SearchPuzzles(), new SearchFormat());
    }

    /**
     * A written search of a small puzzle, with TinyZero's prompt ({@link SearchProse}).
     *
     * @param index from 0; the demonstration depends on (seed, index) alone
     * @param test whether the puzzle is held out
     */
    public static Demonstration demonstration(long seed, long index, boolean test) {
        Search search = SearchTraces.search(seed, index, test);
        Problem problem = new QuestionFormat(null).problem(SearchTraces.id(seed, index, test), search.puzzle());
        return new Demonstration(
                problem, SearchProse.write(search, true), SearchProse.write(search, false), search.hits());
    }

    @Override
    public String name() {
        return "countdown";
    }

    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        List<Puzzle> puzzles = train();
        return Arrays.stream(Epochs.indices(seed, step, count, puzzles.size()))
                .mapToObj(i -> format.problem("train-" + i, puzzles.get(i)))
                .toList();
    }

    @Override
    public List<Problem> test() {
        return IntStream.range(0, test.size())
                .mapToObj(i -> format.problem("test-" + i, test.get(i)))
                .toList();
    }

    @Override
    public Problem problem(TaskRow row) {
        return format.problem(row, Puzzle.ofRow(row));
    }

    @Override
    public Score verify(Problem problem, String response) {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(response, "response");
        Puzzle puzzle = Puzzle.ofJson(problem.answer());
        String answer = format.answer(response);
        if (answer == null) {
            return Score.of(false, null, "no answer in " + format.place());
        }
        String fault = fault(puzzle, answer);
        String shown = VisibleText.shortened(answer.strip(), LONGEST_SHOWN);
        return Score.of(fault == null, shown, fault == null ? "right" : fault);
    }

    /** The fault of an answer; null if it is right. */
    private static @Nullable String fault(Puzzle puzzle, String answer) {
        Expression expression = Expression.read(answer, puzzle.numbers().size());
        if (expression.value() == null) {
            return "the answer " + expression.fault();
        }
        List<Integer> used = expression.numbers().stream().sorted().toList();
        List<Integer> given = puzzle.sorted().numbers();
        if (!used.equals(given)) {
            return "the answer uses " + used + "; expected each of " + given + " once";
        }
        boolean hits = expression.value().equals(Rational.of(puzzle.target()));
        return hits ? null : "the answer is " + expression.value() + "; expected " + puzzle.target();
    }

    private synchronized List<Puzzle> train() {
        if (train == null) {
            train = draw(settings.train(), false, new HashSet<>(sorted(test)));
        }
        return train;
    }

    private static List<Puzzle> sorted(List<Puzzle> puzzles) {
        return puzzles.stream().map(Puzzle::sorted).toList();
    }

    /** Distinct puzzles that are not in {@code taken}. */
    private List<Puzzle> draw(int count, boolean forTest, Set<Puzzle> taken) {
        SplittableRandom random = RandomStream.of(PUZZLES_SEED, forTest ? 1 : 0);
        Set<Puzzle> seen = new HashSet<>(taken);
        List<Puzzle> puzzles = new ArrayList<>(count);
        for (int repeated = 0; puzzles.size() < count; repeated++) {
            if (repeated == MOST_REPEATED) {
                throw new BadInputException((forTest ? "test " : "train ") + count + ": there are only about "
                        + puzzles.size() + " different puzzles; ask for fewer");
            }
            Puzzle puzzle = source.draw(random, forTest);
            if (seen.add(puzzle.sorted())) {
                puzzles.add(puzzle);
                repeated = -1;
            }
        }
        return List.copyOf(puzzles);
    }
}
