package dev.upbeat.judge;

import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.trace.Message;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A kind of judgement: the prompt that asks a judge about a response, and the reading of its answers. */
public sealed interface Judging permits Critiques, Verification {
    /** Name of the series that the judgements become. */
    String series();

    /** Number of judgements of a response. */
    int judgements();

    /** Whether a response with advantage 0 is judged too. */
    boolean judgesAll();

    /** Whether the judge is asked for the log-probs of its answer. */
    boolean readsLogProbs();

    /** The question about a response with at least one step. */
    String prompt(Problem problem, ResponseSteps steps);

    /**
     * The judgement in an answer.
     *
     * @param steps number of steps
     * @return a number per step; null if the answer is cut off or has another form
     */
    double @Nullable [] read(Answer answer, int steps);

    /** The value of a token of a response without steps. */
    float withoutSteps();

    /** The value of each step, from the judgements of all answers. */
    default float[] values(List<double[]> judgements, int steps) {
        float[] mean = new float[steps];
        for (int s = 0; s < steps; s++) {
            double sum = 0;
            for (double[] judgement : judgements) {
                sum += judgement[s];
            }
            mean[s] = (float) (sum / judgements.size());
        }
        return mean;
    }

    /** The problem as text. */
    static String question(Problem problem) {
        List<Message> messages = problem.messages();
        return messages == null
                ? String.valueOf(problem.text()).strip()
                : messages.stream()
                        .filter(message -> message.role().equals("user"))
                        .map(Message::content)
                        .collect(Collectors.joining("\n\n"))
                        .strip();
    }
}
