package dev.upbeat.learn;

import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /**
     * @param accuracy share of right answers, the mean over problems and samples
     * @param rows one an answer, for eval.jsonl
     */
    record Result(double accuracy, List<Map<String, Object>> rows) {}

    /** @param step steps done */
    Result evaluate(long step) {
        List<Problem> problems = task.test();
        List<int[]> prompts = new ArrayList<>();
        for (Problem problem : problems) {
            for (int sample = 0; sample < samples; sample++) {
                prompts.add(encoding.prompt(problem));
            }
        }
        List<Response> responses = new Generator(policy.decoder(), BATCH).generate(prompts, sampling);
        List<Map<String, Object>> rows = new ArrayList<>();
        int correct = 0;
        for (int i = 0; i < responses.size(); i++) {
            Problem problem = problems.get(i / samples);
            int[] ids = responses.get(i).ids();
            Score score = task.verify(problem, encoding.text(ids));
            correct += score.correct() ? 1 : 0;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("step", step);
            row.put("id", problem.id());
            row.put("sample", i % samples);
            row.put("correct", score.correct());
            row.put("reward", score.reward());
            row.put("tokens", ids.length);
            rows.add(row);
        }
        return new Result((double) correct / rows.size(), rows);
    }
}
