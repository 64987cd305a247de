package dev.upbeat.task;

import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;

/** A task with further terms in its rewards. */
public final class RewardedTask extends ForwardingTask {
    private final RewardTerms terms;

    public RewardedTask(Task task, RewardTerms terms) {
        super(task);
        this.terms = terms;
    }

    @Override
    public Score verify(Problem problem, String response) {
        return terms.on(super.verify(problem, response), response);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        List<Score> scores = new ArrayList<>(super.verifyAll(problems, responses));
        for (int i = 0; i < scores.size(); i++) {
            scores.set(i, terms.on(scores.get(i), responses.get(i)));
        }
        return scores;
    }
}
