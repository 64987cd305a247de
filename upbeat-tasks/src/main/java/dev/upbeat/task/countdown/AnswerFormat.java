package dev.upbeat.task.countdown;

import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskRow;
import org.jspecify.annotations.Nullable;

/** The wording of puzzles, and the place of the answer in a response. */
sealed interface AnswerFormat permits QuestionFormat, SearchFormat {
    Problem problem(String id, Puzzle puzzle);

    /** The problem of a user's row that has this puzzle. */
    Problem problem(TaskRow row, Puzzle puzzle);

    /** The last expression given as the answer; null if there is none. */
    @Nullable
    String answer(String response);

    /** The place of the answer, for messages. */
    String place();
}
