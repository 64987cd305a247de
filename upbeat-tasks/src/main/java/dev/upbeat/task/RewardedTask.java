package dev.upbeat.task;

import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;

/** A task with further terms in its rewards. */
public final class RewardedTask implements Task {
    private final Task task;
    private final RewardTerms terms;

    public RewardedTask(Task task, RewardTerms terms) {
        this.task = task;
        this.terms = terms;
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
        return terms.on(task.verify(problem, response), response);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        List<Score> scores = new ArrayList<>(task.verifyAll(problems, responses));
        for (int i = 0; i < scores.size(); i++) {
            scores.set(i, terms.on(scores.get(i), responses.get(i)));
        }
        return scores;
    }
}
