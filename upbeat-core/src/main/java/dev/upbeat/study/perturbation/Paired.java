package dev.upbeat.study.perturbation;

import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import dev.upbeat.stats.MeanEstimate;
import dev.upbeat.stats.SignFlips;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two values per problem, compared within each problem.
 *
 * @param problems number of problems that have both values
 * @param first mean of the first values
 * @param second mean of the second
 * @param difference mean of first - second
 * @param differenceInterval 95% percentile bootstrap interval over problems; null for fewer than 2
 * @param tInterval 95% t interval over problems; null for fewer than 2, or if all differences are equal
 * @param pValue two-sided, by sign flips of the differences; 1 if there are no problems
 * @param lower share of problems whose first value is lower than their second
 * @param lowerInterval 95% Wilson interval of that share
 */
public record Paired(
        int problems,
        double first,
        double second,
        double difference,
        @Nullable Interval differenceInterval,
        @Nullable Interval tInterval,
        double pValue,
        double lower,
        Interval lowerInterval) {

    /**
     * @param first one value per problem, NaN for none
     * @param second the other values of the same problems
     * @param draws number of resamples, and of sign flips if there are too many to try them all
     */
    static Paired of(double[] first, double[] second, int draws, long seed) {
        int[] both = IntStream.range(0, first.length)
                .filter(i -> !Double.isNaN(first[i]) && !Double.isNaN(second[i]))
                .toArray();
        double[] differences =
                IntStream.of(both).mapToDouble(i -> first[i] - second[i]).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        boolean several = both.length > 1;
        double lower = Arrays.stream(differences)
                .map(difference -> difference < 0 ? 1 : 0)
                .average()
                .orElse(Double.NaN);
        return new Paired(
                both.length,
                mean(IntStream.of(both).mapToDouble(i -> first[i]).toArray()),
                mean(IntStream.of(both).mapToDouble(i -> second[i]).toArray()),
                mean(differences),
                several ? Bootstrap.ofMean(differences, draws, random) : null,
                several ? MeanEstimate.of(differences).interval() : null,
                both.length == 0 ? 1 : SignFlips.pValue(differences, draws, random),
                lower,
                both.length == 0
                        ? new Interval(0, 1)
                        : Interval.wilson(lower, both.length)); // without problems any share is possible
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
