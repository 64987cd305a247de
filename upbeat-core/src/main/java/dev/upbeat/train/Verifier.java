package dev.upbeat.train;

import dev.upbeat.learn.OverlongPenalty;
import dev.upbeat.task.Task;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns responses into rewards. */
final class Verifier {
    private final Task task;
    private final Encoding encoding;
    private final @Nullable OverlongPenalty overlong;

    /** @param overlong added to rewards; null for none */
    Verifier(Task task, Encoding encoding, @Nullable OverlongPenalty overlong) {
        this.task = task;
        this.encoding = encoding;
        this.overlong = overlong;
    }

    /**
     * @param verdicts of the task, [B]
     * @param rewards the verdicts', with the punishment of overlong responses, [B]
     */
    record Scores(List<Score> verdicts, double[] rewards) {}

    Scores score(Rollouts rollouts) {
        List<Score> verdicts = new ArrayList<>();
        double[] rewards = new double[rollouts.traces().size()];
        for (int i = 0; i < rewards.length; i++) {
            int[] response = rollouts.traces().get(i).responseIds();
            Score verdict = task.verify(rollouts.problem(i), encoding.text(response));
            verdicts.add(verdict);
            rewards[i] = verdict.reward() + (overlong == null ? 0 : overlong.of(response.length));
        }
        return new Scores(verdicts, rewards);
    }
}
