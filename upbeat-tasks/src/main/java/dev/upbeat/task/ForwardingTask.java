package dev.upbeat.task;

import dev.upbeat.trace.Score;
import java.util.List;

/** Forwards all methods to another task; a subclass overrides those that it changes. */
public abstract class ForwardingTask implements Task {
    private final Task task;

    protected ForwardingTask(Task task) {
        this.task = task;
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        return task.prompts(seed, step, count);
    }

    @Override
    public List<Problem> test() {
        return task.test();
    }

    @Override
    public Problem problem(TaskRow row) {
        return task.problem(row);
    }

    @Override
    public Score verify(Problem problem, String response) {
        return task.verify(problem, response);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        return task.verifyAll(problems, responses);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        return task.verifyAll(problems, responses, truncated);
    }
}
