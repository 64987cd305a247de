package dev.upbeat.task.countdown;

import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskRow;
import org.jspecify.annotations.Nullable;

/** How a puzzle is put to a model, and where in a response its answer stands. */
sealed interface Dress permits QuestionDress, SearchDress {
    Problem problem(String id, Puzzle puzzle);

    /** A user's row, whose puzzle this is. */
    Problem problem(TaskRow row, Puzzle puzzle);

    /** The last expression that is given as the answer, null where none is. */
    @Nullable
    String answer(String response);

    /** What a response without an answer lacks. */
    String place();
}
