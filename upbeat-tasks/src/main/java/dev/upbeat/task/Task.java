package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;

/**
 * A task: the prompts of its problems, and the verifier of the answers. Safe for use by several threads.
 *
 * <p>A custom task is a public class on the class path with a public constructor without parameters. It needs only {@link
 * #name}, {@link #problem} and {@link #verify}; its problems then come from a file.
 */
public interface Task {
    /** Its name in configurations and commands. */
    String name();

    /**
     * The problems of one training step, without any test problem. The same arguments give the same problems.
     *
     * @param step from 0
     * @param count the same at every step of a run: consecutive steps then see every problem once before any twice
     * @throws BadInputException if the task generates no problems
     */
    default List<Problem> prompts(long seed, long step, int count) {
        throw makesNone();
    }

    /**
     * The held-out problems, always the same.
     *
     * @throws BadInputException if the task generates no problems
     */
    default List<Problem> test() {
        throw makesNone();
    }

    private BadInputException makesNone() {
        return new BadInputException("task " + name() + " has no built-in problems; give it a file of rows: --data"
                + " FILE (eval), task.data (train)");
    }

    /**
     * Turns a user's row into a problem of this task.
     *
     * @throws BadInputException if the row is not a problem of this task
     */
    Problem problem(TaskRow row);

    /**
     * The verdict on a response. Returns in bounded time for any response, and throws no exception, unless the verdict comes
     * from another service that is unavailable.
     *
     * @param response the text after the prompt, special tokens left out
     */
    Score verify(Problem problem, String response);

    /**
     * The verdicts on many responses.
     *
     * @param problems one a response, [B]
     * @param responses [B]
     * @return [B]
     */
    default List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        List<Score> scores = new ArrayList<>(responses.size());
        for (int i = 0; i < responses.size(); i++) {
            scores.add(verify(problems.get(i), responses.get(i)));
        }
        return scores;
    }

    /**
     * The verdicts on many responses, of which some were cut off at a limit of tokens. A task that rewards more than right
     * answers overrides this method: a response that was cut off earns no reward except for a right answer.
     *
     * @param truncated whether each response was cut off before a stop token, [B]
     */
    default List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        return verifyAll(problems, responses);
    }
}
