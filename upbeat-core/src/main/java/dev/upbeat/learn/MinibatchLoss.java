package dev.upbeat.learn;

import dev.upbeat.model.TokenLoss;
import dev.upbeat.observe.TraceBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The policy loss of one gradient step: token by token as micro-batches come, with what is to be reported of it. Each
 * micro-batch has sums of its own, added up in the order in which they were asked for, whichever ends first.
 */
final class MinibatchLoss {
    private final PolicyLoss loss;
    private final List<PolicySample> samples;
    private final double[] tokenWeights;

    private final List<Part> parts = new ArrayList<>();

    /**
     * @param samples those that are computed
     * @param tokenWeights what a token of each of them counts
     */
    MinibatchLoss(PolicyLoss loss, List<PolicySample> samples, double[] tokenWeights) {
        this.loss = loss;
        this.samples = samples;
        this.tokenWeights = tokenWeights;
    }

    /** Where a row of a micro-batch belongs. */
    private record Row(int sample, int token) {}

    TokenLoss of(TraceBatch batch) {
        Row[] rows = batch.indices().stream()
                .flatMap(i -> IntStream.range(0, samples.get(i).trace().responseIds().length)
                        .mapToObj(t -> new Row(i, t)))
                .toArray(Row[]::new);
        Part part = new Part();
        parts.add(part);
        return (from, logProbs, entropies, logProbGradient, entropyGradient) -> {
            for (int n = 0; n < logProbs.length; n++) {
                Row row = rows[from + n];
                logProbGradient[n] = (float) part.token(row, logProbs[n], entropies[n]);
                entropyGradient[n] = (float) (-loss.entropy() * tokenWeights[row.sample]);
            }
        };
    }

    /** What a micro-batch adds. */
    private final class Part {
        private double value;
        private double kl;
        private double entropyNats;
        private double approximateKl;
        private long tokens;
        private long clippedLow;
        private long clippedHigh;

        /** Counts a token and gives the loss's slope by its log-prob. */
        private double token(Row row, double logProb, double entropy) {
            PolicySample sample = samples.get(row.sample);
            double weight = tokenWeights[row.sample];
            double change = logProb - sample.oldLogProbs()[row.token];
            double ratio = Math.exp(change);
            PolicyLoss.Surrogate surrogate = loss.surrogate(ratio, sample.tokenAdvantages()[row.token]);
            double slope = weight * surrogate.slope();
            value += weight * (surrogate.value() - loss.entropy() * entropy);
            if (sample.referenceLogProbs() != null) {
                double behind = sample.referenceLogProbs()[row.token] - logProb;
                double k3 = Math.expm1(behind) - behind;
                kl += k3;
                value += weight * loss.kl() * k3;
                slope -= weight * loss.kl() * Math.expm1(behind);
            }
            tokens++;
            entropyNats += entropy;
            approximateKl += ratio - 1 - change;
            clippedLow += ratio < 1 - loss.clipLow() && sample.advantage() < 0 ? 1 : 0;
            clippedHigh += ratio > 1 + loss.clipHigh() && sample.advantage() > 0 ? 1 : 0;
            return slope;
        }

        UpdateStats.Sums sums() {
            return new UpdateStats.Sums(tokens, kl, entropyNats, approximateKl, clippedLow, clippedHigh);
        }
    }

    double value() {
        return parts.stream().mapToDouble(part -> part.value).reduce(0, Double::sum);
    }

    /** Sums over the tokens that were computed. */
    UpdateStats.Sums sums() {
        return parts.stream().map(Part::sums).reduce(new UpdateStats.Sums(0, 0, 0, 0, 0, 0), UpdateStats.Sums::plus);
    }
}
