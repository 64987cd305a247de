package dev.upbeat.train;

import dev.upbeat.eval.Evaluation;
import dev.upbeat.learn.Policy;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.task.Task;

/**
 * Evaluates the policy on the held-out problems. Every evaluation has the same random draws, so only the weights
 * differ.
 */
final class HeldOut {
    private static final int BATCH = 256;

    private final Policy policy;
    private final Task task;
    private final Encoding encoding;
    private final int samples;
    private final Sampling sampling;

    /** @param samples answers per problem */
    HeldOut(Policy policy, Task task, Encoding encoding, int samples, Sampling sampling) {
        this.policy = policy;
        this.task = task;
        this.encoding = encoding;
        this.samples = samples;
        this.sampling = sampling;
    }

    int size() {
        return task.test().size();
    }

    Evaluation.Result evaluate() {
        Evaluation evaluation = new Evaluation(policy.decoder(), encoding.tokenizer(), encoding.prompts(), BATCH);
        return evaluation.run(task, task.test(), sampling, samples, Evaluation.SILENT);
    }
}
