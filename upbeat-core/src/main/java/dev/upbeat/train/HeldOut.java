package dev.upbeat.train;

import dev.upbeat.eval.Accuracy;
import dev.upbeat.eval.BenchmarkMetrics;
import dev.upbeat.eval.Evaluation;
import dev.upbeat.learn.Policy;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.AccuracyNames;
import dev.upbeat.store.EvalRow;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the policy on the training's held-out problems, or on several benchmarks. Every evaluation has the same
 * random draws, so only the weights differ.
 */
final class HeldOut {
    private static final int BATCH = 256;

    private final Policy policy;
    private final Encoding encoding;
    private final Sampling sampling;
    private final long steps;
    private final List<Problems> sets;
    private final Answering answering;

    /**
     * Problems that are evaluated together.
     *
     * @param benchmark its name; null for the training's own held-out problems
     * @param task that judges the answers
     * @param samples answers per problem
     * @param every steps between two evaluations
     */
    record Problems(@Nullable String benchmark, Task task, List<Problem> problems, int samples, long every) {
        boolean isDue(long step, long steps) {
            return step % every == 0 || step == steps;
        }
    }

    /**
     * The result of the evaluations that are due at a step.
     *
     * @param rows of eval.jsonl
     * @param metrics for the line of metrics.jsonl, by name; with {@link AccuracyNames#AVERAGE} if all are due
     */
    record Result(List<EvalRow> rows, Map<String, Double> metrics) {}

    /**
     * @param steps number of steps of the whole run
     * @param sets the training's own held-out problems, or one entry for each benchmark; empty for no evaluations
     */
    HeldOut(Policy policy, Encoding encoding, Sampling sampling, long steps, List<Problems> sets, Answering answering) {
        this.policy = policy;
        this.encoding = encoding;
        this.sampling = sampling;
        this.steps = steps;
        this.sets = List.copyOf(sets);
        this.answering = answering;
    }

    /** Whether any evaluation is due after a step; 0 is the start, at which all are due. */
    boolean isDue(long step) {
        return sets.stream().anyMatch(set -> set.isDue(step, steps));
    }

    /** Number of the problems of the evaluations that are due after a step. */
    int size(long step) {
        return sets.stream()
                .filter(set -> set.isDue(step, steps))
                .mapToInt(set -> set.problems.size())
                .sum();
    }

    /**
     * Runs the evaluations that are due after a step.
     *
     * @throws StoppedException if the training is asked to stop
     */
    Result evaluate(long step) {
        Evaluation evaluation = new Evaluation(policy.decoder(), encoding.tokenizer(), encoding.prompts(), BATCH);
        List<EvalRow> rows = new ArrayList<>();
        Map<String, Accuracy> accuracies = new LinkedHashMap<>();
        for (Problems set : sets) {
            if (!set.isDue(step, steps)) {
                continue;
            }
            String work = "step " + step + ": evaluating" + (set.benchmark == null ? "" : " " + set.benchmark);
            Evaluation.Result result =
                    evaluation.run(set.task, set.problems, sampling, set.samples, answering.progress(work, step));
            rows.addAll(result.rows(step, set.benchmark));
            if (set.benchmark == null) {
                return new Result(
                        rows, Map.of(AccuracyNames.AVERAGE, result.accuracy().mean()));
            }
            accuracies.put(set.benchmark, result.accuracy());
        }
        return new Result(rows, BenchmarkMetrics.of(accuracies, accuracies.size() == sets.size()));
    }
}
