package dev.upbeat.study.perturbation;

import dev.upbeat.eval.Accuracy;
import dev.upbeat.series.Quantile;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two values a problem, compared within each problem.
 *
 * @param problems that have both
 * @param first mean of the first values
 * @param second mean of the second
 * @param difference mean of first - second
 * @param differenceInterval 95% percentile bootstrap interval over problems; null of fewer than 2
 * @param pValue two-sided, by flipping the signs of the differences: (1 + flips with a mean at least as far from 0) / (1 +
 *     flips)
 * @param lower share of problems whose first value is lower than their second
 * @param lowerInterval 95% Wilson interval of that share
 */
public record Paired(
        int problems,
        double first,
        double second,
        double difference,
        double @Nullable [] differenceInterval,
        double pValue,
        double lower,
        double[] lowerInterval) {
    /** Sums of the same differences in another order differ by rounding alone. */
    private static final double ROUNDING = 1e-12;

    /**
     * @param first a value a problem, NaN for none
     * @param second likewise
     * @param draws resamples, and sign flips
     */
    static Paired of(double[] first, double[] second, int draws, long seed) {
        int[] both = IntStream.range(0, first.length)
                .filter(i -> !Double.isNaN(first[i]) && !Double.isNaN(second[i]))
                .toArray();
        double[] differences =
                IntStream.of(both).mapToDouble(i -> first[i] - second[i]).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        long lower =
                Arrays.stream(differences).filter(difference -> difference < 0).count();
        return new Paired(
                both.length,
                mean(IntStream.of(both).mapToDouble(i -> first[i]).toArray()),
                mean(IntStream.of(both).mapToDouble(i -> second[i]).toArray()),
                mean(differences),
                bootstrap(differences, draws, random),
                signFlips(differences, draws, random),
                (double) lower / both.length,
                both.length == 0
                        ? new double[] {0, 1} // of nothing, everything is possible
                        : Accuracy.wilson((double) lower / both.length, both.length));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double @Nullable [] bootstrap(double[] values, int draws, SplittableRandom random) {
        if (values.length < 2) {
            return null;
        }
        double[] means = new double[draws];
        for (int i = 0; i < draws; i++) {
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        return new double[] {Quantile.of(means, 0.025), Quantile.of(means, 0.975)};
    }

    private static double signFlips(double[] differences, int draws, SplittableRandom random) {
        double bar = Math.abs(Arrays.stream(differences).sum());
        bar -= ROUNDING * bar;
        int asFar = 0;
        for (int i = 0; i < draws; i++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            asFar += Math.abs(sum) >= bar ? 1 : 0;
        }
        return (1.0 + asFar) / (1.0 + draws);
    }
}
