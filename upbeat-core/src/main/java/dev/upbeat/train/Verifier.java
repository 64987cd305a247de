package dev.upbeat.train;

import dev.upbeat.learn.OverlongPenalty;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.endpoint.UnavailableException;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Score;
import dev.upbeat.trace.Scores;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores responses: the verdict of the task and the reward for training. */
final class Verifier {
    private final Task task;
    private final Encoding encoding;
    private final @Nullable OverlongPenalty overlong;

    /** @param overlong penalty that is added to rewards; null for none */
    Verifier(Task task, Encoding encoding, @Nullable OverlongPenalty overlong) {
        this.task = task;
        this.encoding = encoding;
        this.overlong = overlong;
    }

    /**
     * Scores the responses of a step.
     *
     * @param problems problems of the step, one per prompt, [B / G]
     * @throws UnavailableException if the task cannot judge now
     */
    Scores score(List<Problem> problems, Rollouts rollouts) {
        int count = rollouts.size();
        List<Score> verdicts = task.verifyAll(
                IntStream.range(0, count)
                        .mapToObj(i -> problems.get(i / rollouts.group()))
                        .toList(),
                rollouts.traces().stream()
                        .map(trace -> encoding.text(trace.responseIds()))
                        .toList(),
                rollouts.truncated());
        double[] rewards = new double[count];
        for (int i = 0; i < count; i++) {
            int length = rollouts.traces().get(i).responseIds().length;
            rewards[i] = verdicts.get(i).reward() + (overlong == null ? 0 : overlong.of(length));
        }
        return new Scores(verdicts, rewards);
    }
}
