package dev.upbeat.learn;

import dev.upbeat.model.NotFiniteException;
import dev.upbeat.series.RandomStream;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Policy optimisation: updates a policy with the token advantages of its responses. Not safe for use by several threads
 * at once.
 */
public final class Learner implements AutoCloseable {
    private final Policy policy;
    private final PolicyLoss loss;
    private final int minibatch;
    private final long seed;
    private final GradientStep gradientStep;

    /**
     * @param minibatch responses per gradient step
     * @param seed seed of the order of the prompts in a batch
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
     * Updates the policy once with each response, in gradient steps of one minibatch each.
     *
     * @param batch a multiple of the minibatch size; responses to one prompt are consecutive, so that they share its
     *     computation
     * @throws DivergedException if a loss or its gradient is not finite; earlier gradient steps were applied
     */
    public UpdateStats update(List<PolicySample> batch) {
        if (batch.isEmpty() || batch.size() % minibatch != 0) {
            throw new IllegalArgumentException(
                    batch.size() + " responses cannot be split into minibatches of " + minibatch);
        }
        List<PolicySample> order = shuffled(batch);
        List<UpdateStats.Step> steps = new ArrayList<>();
        try {
            for (int start = 0; start < order.size(); start += minibatch) {
                steps.add(step(order.subList(start, start + minibatch)));
            }
        } catch (DivergedException e) {
            updateDecodersAfter(e);
            throw e;
        }
        policy.updateDecoders();
        return UpdateStats.of(steps);
    }

    /**
     * Updates the decoders after a divergence. If the weights are unusable for them, that error is added to the
     * divergence.
     */
    private void updateDecodersAfter(DivergedException diverged) {
        try {
            policy.updateDecoders();
        } catch (NotFiniteException e) {
            diverged.addSuppressed(e);
        }
    }

    private UpdateStats.Step step(List<PolicySample> samples) {
        double[] tokenWeights = loss.tokenWeights(samples);
        int[] withGradient = IntStream.range(0, samples.size())
                .filter(i -> !loss.skips(samples.get(i)))
                .toArray();
        MinibatchLoss minibatchLoss = new MinibatchLoss(
                loss,
                Arrays.stream(withGradient).mapToObj(samples::get).toList(),
                Arrays.stream(withGradient).mapToDouble(i -> tokenWeights[i]).toArray());
        List<Trace> traces = Arrays.stream(withGradient)
                .mapToObj(i -> samples.get(i).trace())
                .toList();
        double learningRate = gradientStep.learningRate();
        gradientStep.accumulate(traces, minibatchLoss::of);
        double norm = gradientStep.apply(minibatchLoss.value());
        return new UpdateStats.Step(minibatchLoss.value(), norm, learningRate, minibatchLoss.sums());
    }

    /**
     * The batch with its prompts in a random order, which differs in every update; responses to one prompt stay
     * together.
     */
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
        RandomStream.shuffle(groups, RandomStream.of(seed, gradientStep.steps()));
        return groups.stream().flatMap(List::stream).toList();
    }

    /** The gradient steps, whose state is saved beside the policy's checkpoint. */
    public GradientStep gradientStep() {
        return gradientStep;
    }

    @Override
    public void close() {
        gradientStep.close();
    }
}
