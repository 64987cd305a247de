package dev.upbeat.learn;

import java.util.List;

/**
 * Metrics of an update. Means are over the tokens of all gradient steps, without masked responses and groups of equal
 * rewards; NaN if no tokens are left.
 *
 * @param loss mean over the gradient steps
 * @param kl mean k3 estimate of the KL divergence from the reference, nats; 0 without a reference
 * @param entropyNats mean entropy, nats
 * @param approximateKl mean k3 estimate of the KL divergence from the old policy, nats
 * @param gradientNorm mean over the gradient steps of the norm before clipping
 * @param learningRate learning rate of the last gradient step
 * @param clipLowMean share of tokens with a negative advantage whose ratio is below the lower bound
 * @param clipHighMean share of tokens with a positive advantage whose ratio is above the upper bound
 * @param clipRegionMean sum of both shares
 * @param gradientSteps number of gradient steps
 * @param tokens number of tokens in the means
 */
public record UpdateStats(
        double loss,
        double kl,
        double entropyNats,
        double approximateKl,
        double gradientNorm,
        double learningRate,
        double clipLowMean,
        double clipHighMean,
        double clipRegionMean,
        int gradientSteps,
        long tokens) {

    /** Sums over tokens. */
    record Sums(long tokens, double kl, double entropyNats, double approximateKl, long clippedLow, long clippedHigh) {
        Sums plus(Sums other) {
            return new Sums(
                    tokens + other.tokens,
                    kl + other.kl,
                    entropyNats + other.entropyNats,
                    approximateKl + other.approximateKl,
                    clippedLow + other.clippedLow,
                    clippedHigh + other.clippedHigh);
        }
    }

    /** Metrics of one gradient step. */
    record Step(double loss, double gradientNorm, double learningRate, Sums sums) {}

    /** @param steps at least one */
    static UpdateStats of(List<Step> steps) {
        Sums sums = steps.stream().map(Step::sums).reduce(new Sums(0, 0, 0, 0, 0, 0), Sums::plus);
        double tokens = sums.tokens;
        return new UpdateStats(
                steps.stream().mapToDouble(Step::loss).average().orElseThrow(),
                sums.kl / tokens,
                sums.entropyNats / tokens,
                sums.approximateKl / tokens,
                steps.stream().mapToDouble(Step::gradientNorm).average().orElseThrow(),
                steps.get(steps.size() - 1).learningRate,
                sums.clippedLow / tokens,
                sums.clippedHigh / tokens,
                (sums.clippedLow + sums.clippedHigh) / tokens,
                steps.size(),
                sums.tokens);
    }
}
