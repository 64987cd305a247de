package dev.upbeat.learn;

import dev.upbeat.model.TokenLoss;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * Supervised fine-tuning: minimises the mean negative log-likelihood of the response tokens. Prompt tokens have no
 * loss. Not safe for use by several threads at once.
 */
public final class SupervisedLearner implements AutoCloseable {
    private final Policy policy;
    private final GradientStep gradientStep;

    public SupervisedLearner(Policy policy, Optimization optimization) {
        this.policy = policy;
        this.gradientStep = new GradientStep(policy, optimization);
    }

    /**
     * Metrics of a step.
     *
     * @param loss mean negative log-likelihood of a response token before the step, nats
     * @param gradientNorm norm of the gradients before clipping
     * @param learningRate learning rate of the step
     * @param tokens number of response tokens
     */
    public record Stats(double loss, double gradientNorm, double learningRate, long tokens) {}

    /**
     * Takes one gradient step on all traces.
     *
     * @param traces at least one
     * @throws DivergedException if the loss or its gradient is not finite; the weights are unchanged
     */
    public Stats update(List<Trace> traces) {
        long tokens = responseTokens(traces);
        double learningRate = gradientStep.learningRate();
        List<double[]> totals = new ArrayList<>();
        gradientStep.accumulate(traces, batch -> {
            double[] total = {0};
            totals.add(total);
            return meanLoss(tokens, total);
        });
        double loss = totals.stream().mapToDouble(total -> total[0]).reduce(0, Double::sum) / tokens;
        double norm = gradientStep.apply(loss);
        policy.updateDecoders();
        return new Stats(loss, norm, learningRate, tokens);
    }

    /** @param total output: loss of one micro-batch */
    private static TokenLoss meanLoss(long tokens, double[] total) {
        return (from, logProbs, entropyNats, logProbGradient, entropyGradient) -> {
            for (int i = 0; i < logProbs.length; i++) {
                total[0] -= logProbs[i];
                logProbGradient[i] = -1f / tokens;
            }
        };
    }

    /** Mean negative log-likelihood of a response token, nats. */
    public double validationLoss(List<Trace> traces) {
        double total = 0;
        for (TokenScores scores : Observer.score(policy.decoder(), traces)) {
            for (float logProb : scores.logProbs()) {
                total -= logProb;
            }
        }
        return total / responseTokens(traces);
    }

    private static long responseTokens(List<Trace> traces) {
        if (traces.isEmpty()) {
            throw new IllegalArgumentException("no trace to learn from, expected at least one");
        }
        return traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
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
