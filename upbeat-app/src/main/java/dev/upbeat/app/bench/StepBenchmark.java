package dev.upbeat.app.bench;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.checkpoint.peft.LoraWriter;
import dev.upbeat.credit.Credit;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ProcessMemory;
import dev.upbeat.learn.GroupAdvantage;
import dev.upbeat.learn.Learner;
import dev.upbeat.learn.LoraPolicy;
import dev.upbeat.learn.Optimization;
import dev.upbeat.learn.Policy;
import dev.upbeat.learn.PolicyLoss;
import dev.upbeat.learn.Schedule;
import dev.upbeat.learn.Updater;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.SamplingWeights;
import dev.upbeat.series.Median;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tensor.MachinePeak;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Times whole GRPO steps, one gradient step each, on random prompts: fixed lengths, stop ids ignored, random rewards, so
 * that every group has variance and other programs can be given the same work. Rhythm as in training: {@code
 * middle-third/5}, horizon 10 to 100, no receivers.
 */
public final class StepBenchmark implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-6;

    /** Numbers kept per response token: log-prob, entropy, WAAD, FAI, gamma. */
    private static final int HELD_FLOATS = 5;

    private final String name;
    private final Policy policy;
    private final Shape shape;
    private final Credit credit;
    private final RhythmOptions options;
    private final Observer observer;
    private final Learner learner;
    private final Updater updater;

    /**
     * @param prompts prompts per step
     * @param group responses per prompt
     * @param promptTokens length of each prompt
     * @param newTokens length of each response
     * @param weights the weights that draw the responses
     */
    public record Shape(int prompts, int group, int promptTokens, int newTokens, SamplingWeights weights) {}

    /**
     * @param loraRank rank of the low-rank update that is trained; 0 to train all weights
     * @param checkpointing whether layers run again in the backward pass
     */
    public record Learning(int loraRank, boolean checkpointing) {}

    /**
     * @param name name that the user gave the model
     * @param dtype of matrix products
     * @throws BadInputException if prompt and response do not fit the model's context, or all responses do not fit the heap
     */
    public StepBenchmark(
            String name, Checkpoint checkpoint, Dtype dtype, Shape shape, Learning learning, Credit credit) {
        int context = checkpoint.config().context();
        if ((long) shape.promptTokens + shape.newTokens > context) {
            throw new BadInputException("--prompt-tokens " + shape.promptTokens + " plus --new-tokens "
                    + "" + shape.newTokens
                    + " are more than the model's context of " + context + " tokens; give fewer");
        }
        MemoryNeed.requireResponses(
                "--prompts " + shape.prompts + " of --group " + shape.group,
                (double) shape.prompts * shape.group,
                shape.promptTokens,
                shape.newTokens,
                HELD_FLOATS);
        this.name = name;
        this.shape = shape;
        this.credit = credit;
        List<Integer> layers =
                LayerRange.parse("middle-third/5").resolve(checkpoint.config().layers());
        this.options = RhythmOptions.training(layers)
                .with(RhythmOptions.Extras.measurable(
                        credit.needs(), PathFlow.LINKS, AnswerFlow.ALL_LINKS, StepInfluence.Keys.SUM));
        this.policy = policy(checkpoint, dtype, learning.loraRank);
        Optimization usual = Optimization.with(Schedule.constant(LEARNING_RATE));
        this.observer = new Observer(policy.decoder(), options);
        this.learner = new Learner(
                policy,
                PolicyLoss.standard(shape.newTokens),
                learning.checkpointing ? usual.withCheckpointing() : usual,
                shape.prompts * shape.group,
                0);
        this.updater = new Updater(learner, null, Updater.Responses.ALL);
    }

    private static Policy policy(Checkpoint checkpoint, Dtype dtype, int loraRank) {
        if (loraRank == 0) {
            return Policy.load(checkpoint, dtype);
        }
        LoraSettings settings = new LoraSettings(loraRank, 2.0 * loraRank, 0, LoraSettings.TARGETS, false);
        LoraWriter.Base base = LoraWriter.Base.of(checkpoint.path().toString());
        return LoraPolicy.begin(checkpoint, dtype, settings, base, 0);
    }

    /** Seconds of one step. */
    private record Timing(double rollout, double observe, double metrics, double update) {
        double step() {
            return rollout + observe + update;
        }
    }

    /**
     * @param runs timed steps; results are medians
     * @param warmUp steps before them that are not timed
     */
    public Map<String, Object> run(int runs, int warmUp) {
        List<Timing> timings = new ArrayList<>();
        for (int run = 0; run < warmUp + runs; run++) {
            timings.add(step(run));
        }
        List<Timing> counted = timings.subList(warmUp, timings.size());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", name);
        result.put("dtype", policy.compute().toString());
        result.put("threads", Libtorch.threads());
        result.put("runs", runs);
        result.put("prompts", shape.prompts);
        result.put("group", shape.group);
        result.put("prompt_tokens", shape.promptTokens);
        result.put("new_tokens", shape.newTokens);
        result.put("trained_weights", policy.trainedWeights());
        result.put("rollout_weights", shape.weights.toString());
        result.put("step_s", median(counted, Timing::step));
        result.put("rollout_s", median(counted, Timing::rollout));
        result.put("observe_s", median(counted, Timing::observe));
        result.put("metrics_s", median(counted, Timing::metrics));
        result.put("update_s", median(counted, Timing::update));
        result.put("peak_rss_mb", ProcessMemory.peakMegabytes());
        addSharesOfPeak(result, counted);
        return result;
    }

    /** Measured after the memory, which it needs too. */
    private void addSharesOfPeak(Map<String, Object> result, List<Timing> counted) {
        TimeAtPeak atPeak = new TimeAtPeak(policy.config(), policy.compute(), MachinePeak.measure());
        long responses = (long) shape.prompts * shape.group;
        long tokens = (long) shape.promptTokens + shape.newTokens;
        double rollout = atPeak.decode(responses, shape.promptTokens, shape.newTokens, shape.prompts);
        double observe = atPeak.observe(responses, tokens, options.layers(), options.settings());
        double update = atPeak.update(responses, tokens);
        result.put("share_of_peak", (rollout + observe + update) / median(counted, Timing::step));
        result.put("rollout_share_of_peak", rollout / median(counted, Timing::rollout));
        result.put("observe_share_of_peak", observe / median(counted, Timing::observe));
        result.put("update_share_of_peak", update / median(counted, Timing::update));
    }

    private static double median(List<Timing> timings, ToDoubleFunction<Timing> part) {
        return Median.of(timings.stream().mapToDouble(part));
    }

    private Timing step(int run) {
        long start = System.nanoTime();
        List<int[]> prompts = prompts(run);
        Sampling sampling = new Sampling(shape.newTokens, 1, 0, 1, run, Set.of(), shape.weights);
        List<Response> responses = new Generator(policy.decoder(), prompts.size()).generate(prompts, sampling);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            int[] ids = responses.get(i).ids();
            traces.add(new Trace(String.valueOf(i), prompts.get(i), ids, BenchTexts.of(ids.length), 1, null));
        }
        double[] rewards = rewards(run);
        float[] advantages = GroupAdvantage.of(rewards, shape.group, GroupAdvantage.Deviation.SAMPLE);
        long drawn = System.nanoTime();

        ObservedTraces seen = observer.observe(traces);
        long observed = System.nanoTime();
        Rollouts rollouts = new Rollouts(
                shape.group,
                traces,
                responses.stream().map(Response::logProbs).toList(),
                new boolean[traces.size()],
                (drawn - start) / 1e9);
        Step step = new Step(
                0,
                run,
                rollouts,
                new Scores(List.of(), rewards),
                advantages,
                new ObservedStep(List.copyOf(seen.observations()), null, 0, seen.rhythmSeconds()));
        List<Update> updates = credit.apply(step);
        long credited = System.nanoTime();

        updater.update(step, updates);
        long updated = System.nanoTime();
        return new Timing(
                (drawn - start) / 1e9,
                (credited - drawn) / 1e9,
                seen.rhythmSeconds() + (credited - observed) / 1e9,
                (updated - credited) / 1e9);
    }

    /** Repeats each prompt for its responses, next to each other. */
    private List<int[]> prompts(int run) {
        SplittableRandom random = new SplittableRandom(run);
        List<int[]> prompts = new ArrayList<>();
        for (int p = 0; p < shape.prompts; p++) {
            int[] ids = new int[shape.promptTokens];
            Arrays.setAll(ids, i -> random.nextInt(policy.config().vocabulary()));
            for (int g = 0; g < shape.group; g++) {
                prompts.add(ids);
            }
        }
        return prompts;
    }

    private double[] rewards(int run) {
        SplittableRandom random = new SplittableRandom(~run);
        double[] rewards = new double[shape.prompts * shape.group];
        Arrays.setAll(rewards, i -> random.nextDouble());
        return rewards;
    }

    @Override
    public void close() {
        learner.close();
        policy.close();
    }
}
