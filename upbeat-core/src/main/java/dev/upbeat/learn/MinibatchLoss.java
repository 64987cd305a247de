package dev.upbeat.learn;

import dev.upbeat.model.TokenLoss;
import dev.upbeat.observe.TraceBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The policy loss of one gradient step and its metrics. Each micro-batch has its own sums. These are added in the order in
 * which the micro-batches were created, so the timing of threads does not change the result.
 */
final class MinibatchLoss {
    private final PolicyLoss loss;
    private final List<PolicySample> samples;
    private final double[] tokenWeights;

    private final List<MicroBatch> microBatches = new ArrayList<>();

    /**
     * @param samples the samples that have a gradient
     * @param tokenWeights weight w_t of the tokens of each sample in the average, [samples]
     */
    MinibatchLoss(PolicyLoss loss, List<PolicySample> samples, double[] tokenWeights) {
        this.loss = loss;
        this.samples = samples;
        this.tokenWeights = tokenWeights;
    }

    /** A response token of a micro-batch, by the indices of its sample and of the token in the response. */
    private record Row(int sample, int token) {}

    /** The loss of a micro-batch. Its sums become part of {@link #value} and {@link #sums}. */
    TokenLoss of(TraceBatch batch) {
        Row[] rows = batch.indices().stream()
                .flatMap(i -> IntStream.range(0, samples.get(i).trace().responseIds().length)
                        .mapToObj(t -> new Row(i, t)))
                .toArray(Row[]::new);
        MicroBatch microBatch = new MicroBatch();
        microBatches.add(microBatch);
        return (from, logProbs, entropies, logProbGradient, entropyGradient) -> {
            for (int n = 0; n < logProbs.length; n++) {
                Row row = rows[from + n];
                logProbGradient[n] = (float) microBatch.token(row, logProbs[n], entropies[n]);
                entropyGradient[n] = (float) (-entropyFactor(row) * tokenWeights[row.sample]);
            }
        };
    }

    private double entropyFactor(Row row) {
        return samples.get(row.sample).hasEntropyTerm(row.token) ? loss.entropy() : 0;
    }

    /** Sums of a micro-batch. */
    private final class MicroBatch {
        private double value;
        private double kl;
        private double entropyNats;
        private double approximateKl;
        private long tokens;
        private long clippedLow;
        private long clippedHigh;

        /** Adds a token and returns the derivative of the loss with respect to its log-prob. */
        private double token(Row row, double logProb, double entropy) {
            PolicySample sample = samples.get(row.sample);
            double weight = tokenWeights[row.sample];
            double logRatioToOld = logProb - sample.oldLogProbs()[row.token];
            double ratio = Math.exp(logRatioToOld);
            PolicyLoss.Surrogate surrogate = loss.surrogate(ratio, sample.tokenAdvantages()[row.token]);
            double importance = sample.importance(row.token);
            double derivative = weight * importance * surrogate.derivative();
            value += weight * (importance * surrogate.value() - entropyFactor(row) * entropy);
            if (sample.referenceLogProbs() != null) {
                double logRatio = sample.referenceLogProbs()[row.token] - logProb;
                double k3 = Math.expm1(logRatio) - logRatio;
                kl += k3;
                value += weight * loss.kl() * k3;
                derivative -= weight * loss.kl() * Math.expm1(logRatio);
            }
            tokens++;
            entropyNats += entropy;
            approximateKl += ratio - 1 - logRatioToOld;
            double advantage = sample.signed(row.token);
            clippedLow += ratio < 1 - loss.clipLow() && advantage < 0 ? 1 : 0;
            clippedHigh += ratio > 1 + loss.clipHigh() && advantage > 0 ? 1 : 0;
            return derivative;
        }

        UpdateStats.Sums sums() {
            return new UpdateStats.Sums(tokens, kl, entropyNats, approximateKl, clippedLow, clippedHigh);
        }
    }

    /** Loss of the minibatch, complete after the passes over all micro-batches. */
    double value() {
        return microBatches.stream().mapToDouble(microBatch -> microBatch.value).reduce(0, Double::sum);
    }

    /** Sums over the tokens of all micro-batches. */
    UpdateStats.Sums sums() {
        return microBatches.stream()
                .map(MicroBatch::sums)
                .reduce(new UpdateStats.Sums(0, 0, 0, 0, 0, 0), UpdateStats.Sums::plus);
    }
}
