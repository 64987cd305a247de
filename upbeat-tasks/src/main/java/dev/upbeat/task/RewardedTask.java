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
        return terms.on(super.verify(problem, response), response, false);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        return verifyAll(problems, responses, new boolean[responses.size()]);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        List<Score> scores = new ArrayList<>(super.verifyAll(problems, responses, truncated));
        for (int i = 0; i < scores.size(); i++) {
            scores.set(i, terms.on(scores.get(i), responses.get(i), truncated[i]));
        }
        return scores;
    }
}
