package dev.upbeat.learn;

import dev.upbeat.task.Task;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;

/** Turns responses into rewards. */
final class Verifier {
    private final Task task;
    private final Encoding encoding;
    private final Overlong overlong;

    Verifier(Task task, Encoding encoding, Overlong overlong) {
        this.task = task;
        this.encoding = encoding;
        this.overlong = overlong;
    }

    /**
     * @param verdicts of the task, [B]
     * @param rewards the verdicts', with the punishment of overlong responses, [B]
     */
    record Scores(List<Score> verdicts, float[] rewards) {}

    Scores score(Rollouts rollouts) {
        List<Score> verdicts = new ArrayList<>();
        float[] rewards = new float[rollouts.traces().size()];
        for (int i = 0; i < rewards.length; i++) {
            int[] response = rollouts.traces().get(i).responseIds();
            Score verdict = task.verify(rollouts.problem(i), encoding.text(response));
            verdicts.add(verdict);
            rewards[i] = (float) (verdict.reward() + overlong.penalty(response.length));
        }
        return new Scores(verdicts, rewards);
    }
}
