package dev.upbeat.study.choices;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditMetrics;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The study of credit choices: gamma of coupled-rhythm for measured responses under each {@link Reading}.
 *
 * @param responses number of responses
 * @param tokens number of their tokens
 * @param base options that the readings are compared with
 * @param meanGamma mean gamma of the base over all tokens
 * @param coupledShare share of the base's anchors that are locally dominated; null without anchors
 * @param readings result of each reading
 */
public record ChoicesExperiment(
        int responses,
        int tokens,
        CreditOptions base,
        double meanGamma,
        @Nullable Double coupledShare,
        List<ReadingResult> readings) {
    /** Weights that differ by less count as equal, because gamma is f32. */
    private static final float ROUNDING = 1e-6f;

    public ChoicesExperiment {
        readings = List.copyOf(readings);
    }

    /** Weights of all responses under one reading. */
    private record Weights(
            float[][] gamma, double mean, @Nullable Double coupledShare) {
        static Weights of(CreditOptions options, Step step) {
            Credit credit = options.credit();
            List<Update> updates = credit.apply(step);
            float[][] gamma = new float[step.size()][];
            double sum = 0;
            long tokens = 0;
            for (int i = 0; i < gamma.length; i++) {
                gamma[i] = Objects.requireNonNull(CreditMetrics.gamma(updates, i), "coupled-rhythm has weights");
                for (float weight : gamma[i]) {
                    sum += weight;
                }
                tokens += gamma[i].length;
            }
            Double share = CreditMetrics.of(step, updates).get(CreditMetrics.COUPLED_SHARE);
            return new Weights(gamma, sum / tokens, share == null || share.isNaN() ? null : share);
        }
    }

    /**
     * @param step the responses, with WAAD and FAI; each counts by itself, so they need not be of one step of training
     * @param base options of coupled-rhythm
     * @param seed of the bootstrap
     */
    public static ChoicesExperiment of(Step step, CreditOptions base, long seed) {
        Weights usual = Weights.of(base, step);
        int tokens = 0;
        for (float[] gamma : usual.gamma) {
            tokens += gamma.length;
        }
        List<ReadingResult> results = new ArrayList<>();
        for (Reading reading : Reading.ALL) {
            results.add(compare(reading, usual, Weights.of(reading.of(base), step), seed));
        }
        return new ChoicesExperiment(step.size(), tokens, base, usual.mean, usual.coupledShare, results);
    }

    private static ReadingResult compare(Reading reading, Weights usual, Weights other, long seed) {
        int[] changed = new int[usual.gamma.length];
        int[] lengths = new int[changed.length];
        int total = 0;
        double difference = 0;
        int tokens = 0;
        for (int i = 0; i < changed.length; i++) {
            lengths[i] = usual.gamma[i].length;
            tokens += lengths[i];
            for (int t = 0; t < lengths[i]; t++) {
                float change = Math.abs(usual.gamma[i][t] - other.gamma[i][t]);
                if (change > ROUNDING) {
                    changed[i]++;
                    difference += change;
                }
            }
            total += changed[i];
        }
        return new ReadingResult(
                reading.name(),
                total,
                (double) total / tokens,
                interval(changed, lengths, seed),
                total == 0 ? null : difference / total,
                other.mean,
                other.coupledShare);
    }

    private static @Nullable Interval interval(int[] changed, int[] lengths, long seed) {
        if (changed.length < 2) {
            return null;
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] shares = new double[Bootstrap.RESAMPLES];
        for (int i = 0; i < shares.length; i++) {
            int sum = 0;
            int tokens = 0;
            for (int k = 0; k < changed.length; k++) {
                int drawn = random.nextInt(changed.length);
                sum += changed[drawn];
                tokens += lengths[drawn];
            }
            shares[i] = (double) sum / tokens;
        }
        return Bootstrap.ofDraws(shares);
    }
}
