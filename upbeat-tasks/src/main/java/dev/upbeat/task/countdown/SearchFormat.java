package dev.upbeat.task.countdown;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskRow;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The wording of the bundled model: {@code 6 44 37 > 75} and a line break; the answer follows the last {@code #}. */
record SearchFormat() implements AnswerFormat {
    /** @throws BadInputException if the model has no words for the puzzle */
    @Override
    public Problem problem(String id, Puzzle puzzle) {
        boolean wordless = puzzle.target() >= SearchWords.NUMBERS
                || puzzle.numbers().stream().anyMatch(number -> number >= SearchWords.NUMBERS);
        if (puzzle.numbers().size() != SearchPuzzles.NUMBERS || wordless) {
            throw new BadInputException("row " + id + " gives the numbers " + puzzle.numbers() + " and the target "
                    + puzzle.target() + "; this model's vocabulary is for " + SearchPuzzles.NUMBERS
                    + " numbers and a target, all below "
                    + SearchWords.NUMBERS);
        }
        String numbers = puzzle.numbers().stream().map(String::valueOf).collect(Collectors.joining(" "));
        return new Problem(id, null, numbers + " > " + puzzle.target() + "\n", puzzle.toJson());
    }

    @Override
    public Problem problem(TaskRow row, Puzzle puzzle) {
        return problem(row.id(), puzzle);
    }

    @Override
    public @Nullable String answer(String response) {
        int mark = response.lastIndexOf('#');
        return mark < 0 ? null : response.substring(mark + 1);
    }

    @Override
    public String place() {
        return "#";
    }
}
