package dev.upbeat.train;

import dev.upbeat.eval.Evaluation;
import dev.upbeat.learn.Policy;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Samples G responses to each prompt of a step. With the same policy weights, a response depends only on (seed, step,
 * prompt, sample).
 */
final class Actor {
    /** Maximum number of sequences that are decoded together. */
    private static final int BATCH = 256;

    private final Policy policy;
    private final Task task;
    private final Encoding encoding;
    private final Settings settings;
    private final Answering answering;

    /**
     * @param prompts prompts per step
     * @param group G, responses per prompt
     * @param sampling sampling settings with the seed of the run
     * @param texts whether the text of each response token is needed
     */
    record Settings(int prompts, int group, Sampling sampling, boolean texts) {}

    Actor(Policy policy, Task task, Encoding encoding, Settings settings, Answering answering) {
        this.policy = policy;
        this.task = task;
        this.encoding = encoding;
        this.settings = settings;
        this.answering = answering;
    }

    /** The problems of a step, one per prompt, [B / G]. */
    List<Problem> problems(long number) {
        return task.prompts(settings.sampling().seed(), number - 1, settings.prompts());
    }

    /**
     * Samples the responses of a step.
     *
     * @param number step number, from 1
     * @param problems problems of the step, [B / G]
     */
    Rollouts rollOut(long number, List<Problem> problems) {
        Timer clock = new Timer();
        int group = settings.group();
        List<int[]> prompts = new ArrayList<>();
        for (Problem problem : problems) {
            prompts.addAll(Collections.nCopies(group, encoding.prompt(problem)));
        }
        Sampling sampling = sampling(number);
        Evaluation.Listener progress = answering.progress("step " + number + ": rollouts", number - 1);
        List<Response> responses = new Generator(policy.decoder(), BATCH)
                .generate(
                        prompts,
                        sampling,
                        Evaluation.tokens(prompts, sampling, policy.decoder().config(), progress));
        List<Trace> traces = new ArrayList<>();
        boolean[] truncated = new boolean[responses.size()];
        for (int i = 0; i < responses.size(); i++) {
            String id = number + "/" + i / group + "/" + i % group;
            int[] ids = responses.get(i).ids();
            double temperature = settings.sampling().logProbTemperature();
            List<String> texts = settings.texts() ? encoding.texts(ids) : null;
            traces.add(new Trace(id, prompts.get(i), ids, texts, temperature, null));
            truncated[i] = !responses.get(i).stopped();
        }
        List<float[]> logProbs = responses.stream().map(Response::logProbs).toList();
        return new Rollouts(group, traces, logProbs, truncated, clock.seconds());
    }

    private Sampling sampling(long number) {
        Sampling of = settings.sampling();
        long seed = RandomStream.of(of.seed(), number - 1).nextLong();
        return of.withSeed(seed);
    }
}
