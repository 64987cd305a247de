package dev.upbeat.learn;

import dev.upbeat.model.TokenLoss;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Supervised fine-tuning: the mean negative log-likelihood of the response tokens; prompts are read but not learnt. Not safe
 * for use by several threads at once.
 */
public final class SupervisedLearner implements AutoCloseable {
    private final Policy policy;
    private final GradientStep gradientStep;

    public SupervisedLearner(Policy policy, Optimization optimization) {
        this.policy = policy;
        this.gradientStep = new GradientStep(policy, optimization);
    }

    /**
     * What a step did.
     *
     * @param loss mean negative log-likelihood of a response token before the step, nats
     * @param gradientNorm before clipping
     * @param learningRate of the step
     * @param tokens response tokens
     */
    public record Stats(double loss, double gradientNorm, double learningRate, long tokens) {}

    /**
     * Takes one gradient step on all traces.
     *
     * @param traces at least one
     * @throws DivergedException where the loss or its gradient is no finite number; the weights are then as before
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
        policy.refresh();
        return new Stats(loss, norm, learningRate, tokens);
    }

    /** @param total of one micro-batch */
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
