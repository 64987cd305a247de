package dev.upbeat.train;

import dev.upbeat.task.Problem;
import dev.upbeat.trace.Trace;
import java.util.List;

/**
 * The responses of a step: B = prompts x G of them, those to one prompt side by side.
 *
 * @param step from 0
 * @param group G
 * @param problems one a prompt
 * @param traces [B]
 * @param logProbs of each response's tokens when they were drawn, nats, [B][T]
 * @param truncated whether a response ended at the most tokens and not by a stop token, [B]
 * @param seconds that they took
 */
record Rollouts(
        long step,
        int group,
        List<Problem> problems,
        List<Trace> traces,
        List<float[]> logProbs,
        boolean[] truncated,
        double seconds) {

    Problem problem(int response) {
        return problems.get(response / group);
    }

    /** Response tokens of all. */
    long tokens() {
        return traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
    }
}
