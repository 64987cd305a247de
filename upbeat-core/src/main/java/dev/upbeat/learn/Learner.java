package dev.upbeat.learn;

import dev.upbeat.model.NotFiniteException;
import dev.upbeat.series.RandomStream;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Policy optimisation: moves a policy by the credit that its responses got. Not safe for use by several threads at once. */
public final class Learner implements AutoCloseable {
    private final Policy policy;
    private final PolicyLoss loss;
    private final int minibatch;
    private final long seed;
    private final GradientStep gradientStep;

    /**
     * @param minibatch responses of a gradient step
     * @param seed of the order in which a batch's prompts come
     */
    public Learner(Policy policy, PolicyLoss loss, Optimization optimization, int minibatch, long seed) {
        if (minibatch < 1) {
            throw new IllegalArgumentException("minibatch is " + minibatch + " responses, expected at least 1");
        }
        this.policy = policy;
        this.loss = loss;
        this.minibatch = minibatch;
        this.seed = seed;
        this.gradientStep = new GradientStep(policy, optimization);
    }

    /**
     * Visits each response once, in gradient steps of a minibatch each.
     *
     * @param batch whole minibatches; responses to one prompt side by side, for they share its computation
     * @throws DivergedException where a loss or its gradient is no finite number; steps before it were taken
     */
    public UpdateStats update(List<PolicySample> batch) {
        if (batch.isEmpty() || batch.size() % minibatch != 0) {
            throw new IllegalArgumentException(
                    batch.size() + " responses are no whole number of minibatches of " + minibatch);
        }
        List<PolicySample> order = shuffled(batch);
        List<UpdateStats.Step> steps = new ArrayList<>();
        try {
            for (int start = 0; start < order.size(); start += minibatch) {
                steps.add(step(order.subList(start, start + minibatch)));
            }
        } catch (DivergedException e) {
            refreshAfter(e);
            throw e;
        }
        policy.refresh();
        return UpdateStats.of(steps);
    }

    /** What diverged may have left weights that no decoder can compute with: that is told beside, not instead. */
    private void refreshAfter(DivergedException diverged) {
        try {
            policy.refresh();
        } catch (NotFiniteException e) {
            diverged.addSuppressed(e);
        }
    }

    private UpdateStats.Step step(List<PolicySample> samples) {
        double[] weights = loss.tokenWeights(samples);
        int[] computed = IntStream.range(0, samples.size())
                .filter(i -> !loss.skips(samples.get(i)))
                .toArray();
        MinibatchLoss minibatchLoss = new MinibatchLoss(
                loss,
                Arrays.stream(computed).mapToObj(samples::get).toList(),
                Arrays.stream(computed).mapToDouble(i -> weights[i]).toArray());
        List<Trace> traces =
                Arrays.stream(computed).mapToObj(i -> samples.get(i).trace()).toList();
        double learningRate = gradientStep.learningRate();
        gradientStep.accumulate(traces, minibatchLoss::of);
        double norm = gradientStep.apply(minibatchLoss.value());
        return new UpdateStats.Step(minibatchLoss.value(), norm, learningRate, minibatchLoss.sums());
    }

    /** Prompts in an order of their own for every update, their responses together. */
    private List<PolicySample> shuffled(List<PolicySample> batch) {
        List<List<PolicySample>> groups = new ArrayList<>();
        for (PolicySample sample : batch) {
            int[] prompt = sample.trace().promptIds();
            boolean same = !groups.isEmpty()
                    && Arrays.equals(
                            groups.get(groups.size() - 1).get(0).trace().promptIds(), prompt);
            if (!same) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(sample);
        }
        SplittableRandom random = RandomStream.of(seed, gradientStep.steps());
        for (int i = groups.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            List<PolicySample> swapped = groups.get(i);
            groups.set(i, groups.get(j));
            groups.set(j, swapped);
        }
        return groups.stream().flatMap(List::stream).toList();
    }

    /** Gradient steps taken. */
    public long gradientSteps() {
        return gradientStep.steps();
    }

    /** Writes what is needed, beside the policy's checkpoint, to go on bit by bit. */
    public void save(Path directory) throws IOException {
        gradientStep.save(directory);
    }

    /**
     * Goes on from a state that was saved; the policy must come from the checkpoint that was saved with it.
     *
     * @throws dev.upbeat.io.BadInputException where the state is missing, damaged or another model's
     */
    public void load(Path directory) {
        gradientStep.load(directory);
    }

    @Override
    public void close() {
        gradientStep.close();
    }
}
