package dev.upbeat.eval;

import dev.upbeat.task.Problem;
import java.util.List;

/**
 * A problem with all its answers.
 *
 * @param answers [K]
 */
public record AnsweredProblem(Problem problem, List<Answer> answers) {
    public AnsweredProblem {
        answers = List.copyOf(answers);
    }

    /** Right answers, 0 to K. */
    public int correct() {
        return (int) answers.stream().filter(answer -> answer.score().correct()).count();
    }
}
