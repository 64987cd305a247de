package dev.upbeat.eval;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.countdown.SearchWords;
import dev.upbeat.tokenizer.Tokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes tasks from their options, in a form that fits the model. */
public final class Tasks {
    private Tasks() {}

    /**
     * A task for a model.
     *
     * @param tokenizer of the model; if its vocabulary is that of {@link SearchWords}, Countdown prompts use these
     *     words
     */
    public static Task of(TaskOptions options, Tokenizer tokenizer) {
        PuzzleOptions puzzles = options.puzzles();
        boolean search = options.isCountdown() && hasSearchWords(tokenizer);
        return options.task(() -> {
            CountdownSettings settings =
                    new CountdownSettings(puzzles.numbers(), puzzles.small(), puzzles.train(), puzzles.test());
            return search ? Countdown.asSearch(settings) : Countdown.inWords(settings, options.prompt());
        });
    }

    /** A task that only judges responses, without a model. */
    public static Task forVerdicts(TaskOptions options) {
        return options.task(
                () -> Countdown.inWords(new CountdownSettings(PuzzleOptions.NUMBERS, 1, 1), options.prompt()));
    }

    /**
     * Converts rows to problems of a task, with their chat template variables.
     *
     * @throws BadInputException if a row is not a problem of the task, naming its place, or a custom task gives two
     *     problems the same id
     */
    public static List<Problem> problems(Task task, List<TaskRow> rows) {
        Set<String> ids = new HashSet<>();
        return rows.stream()
                .map(row -> BadInputException.at(row.place(), () -> problem(task, row, ids)))
                .toList();
    }

    private static Problem problem(Task task, TaskRow row, Set<String> ids) {
        Problem problem = task.problem(row).withVariablesOf(row);
        if (!ids.add(problem.id())) {
            throw new BadInputException(
                    "task " + task.name() + " makes of row " + row.id() + " a problem with the id " + problem.id()
                            + ", which an earlier problem has; expected a different id for each: use the row's id");
        }
        return problem;
    }

    /** Whether a model's vocabulary is the bundled model's. */
    public static boolean hasSearchWords(Tokenizer tokenizer) {
        List<String> words = SearchWords.all();
        return tokenizer.vocabularySize() == words.size()
                && IntStream.range(0, words.size())
                        .allMatch(id -> tokenizer.tokenTexts(new int[] {id}).equals(List.of(words.get(id))));
    }
}
