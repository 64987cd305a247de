package dev.upbeat.train;

import dev.upbeat.task.ForwardingTask;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.endpoint.UnavailableException;
import dev.upbeat.trace.Score;
import java.util.List;

/** A task that waits while verdicts are unavailable. */
final class PatientTask extends ForwardingTask {
    private final Patience patience;

    PatientTask(Task task, Patience patience) {
        super(task);
        this.patience = patience;
    }

    /** Another task with the same patience. */
    PatientTask with(Task other) {
        return new PatientTask(other, patience);
    }

    Patience patience() {
        return patience;
    }

    @Override
    public Score verify(Problem problem, String response) {
        return verifyAll(List.of(problem), List.of(response)).get(0);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        return verifyAll(problems, responses, new boolean[responses.size()]);
    }

    /** @throws UnavailableException after the longest wait, or if waiting cannot help */
    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        return patience.await(() -> super.verifyAll(problems, responses, truncated));
    }
}
