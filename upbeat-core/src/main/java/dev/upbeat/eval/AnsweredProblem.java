package dev.upbeat.eval;

import dev.upbeat.store.EvalRow;
import dev.upbeat.task.Problem;
import dev.upbeat.trace.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A problem with all its answers.
 *
 * @param problem with the prompt as the model received it
 * @param answers [K]
 */
public record AnsweredProblem(Problem problem, List<Answer> answers) {
    public AnsweredProblem {
        answers = List.copyOf(answers);
    }

    /** Number of right answers, 0 to K. */
    public int correct() {
        return (int) answers.stream().filter(answer -> answer.score().correct()).count();
    }

    /**
     * @param step training step; null outside a training
     * @param benchmark its name; null if there is only one
     */
    EvalRow row(@Nullable Long step, @Nullable String benchmark) {
        return new EvalRow(
                step,
                benchmark,
                problem.id(),
                step == null ? fields(problem.messages()) : null,
                step == null ? problem.prompt().variables() : Map.of(),
                step == null ? problem.text() : null,
                problem.answer(),
                (double) correct() / answers.size(),
                answers.stream().map(answer -> answer.score().reward()).toList(),
                answers.stream().map(answer -> answer.score().parsed()).collect(Collectors.toList()), // some are null
                answers.stream().map(answer -> answer.score().reason()).toList(),
                answers.stream().map(Answer::text).toList(),
                answers.stream().map(Answer::tokens).toList(),
                answers.stream().map(Answer::stopped).toList());
    }

    private static @Nullable List<Map<String, Object>> fields(@Nullable List<Message> messages) {
        return messages == null ? null : messages.stream().map(Message::fields).toList();
    }
}
