package dev.upbeat.train;

import dev.upbeat.eval.Answer;
import dev.upbeat.eval.AnsweredProblem;
import dev.upbeat.eval.Evaluation;
import dev.upbeat.learn.Policy;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.EvalRow;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Has the policy answer the held-out problems: the same draws at every step, so that only the weights differ. */
final class HeldOut {
    private static final int BATCH = 256;

    private final Policy policy;
    private final Task task;
    private final Encoding encoding;
    private final int samples;
    private final Sampling sampling;

    /** @param samples answers a problem */
    HeldOut(Policy policy, Task task, Encoding encoding, int samples, Sampling sampling) {
        this.policy = policy;
        this.task = task;
        this.encoding = encoding;
        this.samples = samples;
        this.sampling = sampling;
    }

    Evaluation.Result evaluate() {
        Evaluation evaluation = new Evaluation(policy.decoder(), encoding.tokenizer(), encoding.prompts(), BATCH);
        return evaluation.run(task, task.test(), sampling, samples, Evaluation.SILENT);
    }

    /** As lines of eval.jsonl. */
    static List<EvalRow> rows(long step, Evaluation.Result result) {
        List<EvalRow> rows = new ArrayList<>();
        for (AnsweredProblem answered : result.problems()) {
            Problem problem = answered.problem();
            List<Answer> answers = answered.answers();
            rows.add(new EvalRow(
                    step,
                    problem.id(),
                    problem.answer(),
                    (double) answered.correct() / answers.size(),
                    answers.stream().map(answer -> answer.score().reward()).toList(),
                    answers.stream().map(answer -> answer.score().parsed()).collect(Collectors.toList()),
                    answers.stream().map(answer -> answer.score().reason()).toList(),
                    answers.stream().map(Answer::text).toList(),
                    answers.stream().map(Answer::tokens).toList(),
                    answers.stream().map(Answer::stopped).toList()));
        }
        return rows;
    }
}
