package dev.upbeat.train;

import dev.upbeat.learn.OverlongPenalty;
import dev.upbeat.task.Task;
import dev.upbeat.trace.Score;
import java.util.List;
import java.util.stream.IntStream;
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
        int count = rollouts.traces().size();
        List<Score> verdicts = task.verifyAll(
                IntStream.range(0, count).mapToObj(rollouts::problem).toList(),
                rollouts.traces().stream()
                        .map(trace -> encoding.text(trace.responseIds()))
                        .toList());
        double[] rewards = new double[count];
        for (int i = 0; i < count; i++) {
            int length = rollouts.traces().get(i).responseIds().length;
            rewards[i] = verdicts.get(i).reward() + (overlong == null ? 0 : overlong.of(length));
        }
        return new Scores(verdicts, rewards);
    }
}
