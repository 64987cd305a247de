package dev.upbeat.trace;

import java.util.List;

/**
 * The rewards of one step's responses.
 *
 * @param verdicts verdicts of the task, [B]
 * @param rewards rewards of the verdicts, with the penalty for overlong responses, [B]
 */
public record Scores(List<Score> verdicts, double[] rewards) {
    public Scores {
        verdicts = List.copyOf(verdicts);
    }
}
