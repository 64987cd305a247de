package dev.upbeat.eval;

import dev.upbeat.io.BadInputException;
import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Accuracy: the share of right answers, with a 95 % interval.
 *
 * @param problems number of problems
 * @param samples K, answers to each problem
 * @param mean avg@K: the mean over problems of the share of right answers, 0 to 1
 * @param interval of the mean
 * @param method of the interval
 * @param passAt pass@k for k = 1, 2, 4, .. and K: the probability that one of k answers is right
 */
public record Accuracy(
        int problems, int samples, double mean, Interval interval, Method method, SortedMap<Integer, Double> passAt) {

    /**
     * Wilson's interval for one answer per problem; for more, a bootstrap over problems, because the answers to one
     * problem are not independent. If all problems have the same share of right answers, a bootstrap interval would
     * have no width, so Wilson's interval is used, with the number of problems as the number of trials.
     */
    public enum Method {
        WILSON,
        BOOTSTRAP
    }

    /**
     * @param correct right answers to each problem, 0 to K, [problems]
     * @param samples K
     * @param seed of the bootstrap
     */
    public static Accuracy of(int[] correct, int samples, long seed) {
        if (correct.length == 0 || samples < 1) {
            throw new BadInputException(
                    correct.length + " problems with " + samples + " answers each: expected at least one of each");
        }
        for (int c : correct) {
            if (c < 0 || c > samples) {
                throw new IllegalArgumentException(c + " right answers of " + samples);
            }
        }
        long right = Arrays.stream(correct).asLongStream().sum();
        double mean = right / ((double) correct.length * samples);
        boolean alike = Arrays.stream(correct).distinct().count() == 1;
        boolean wilson = samples == 1 || alike;
        Interval interval = wilson
                ? Interval.wilson(mean, correct.length)
                : Bootstrap.ofMean(
                        Arrays.stream(correct)
                                .mapToDouble(c -> c / (double) samples)
                                .toArray(),
                        Bootstrap.RESAMPLES,
                        new SplittableRandom(seed));
        return new Accuracy(
                correct.length,
                samples,
                mean,
                interval,
                wilson ? Method.WILSON : Method.BOOTSTRAP,
                passAt(correct, samples));
    }

    private static SortedMap<Integer, Double> passAt(int[] correct, int samples) {
        SortedMap<Integer, Double> passAt = new TreeMap<>();
        for (int k = 1; k < samples; k *= 2) {
            passAt.put(k, meanPassAt(correct, samples, k));
        }
        passAt.put(samples, meanPassAt(correct, samples, samples));
        return passAt;
    }

    private static double meanPassAt(int[] correct, int samples, int k) {
        return Arrays.stream(correct)
                .mapToDouble(c -> passAt(samples, c, k))
                .average()
                .orElseThrow();
    }

    /**
     * The unbiased estimate of pass@k (Chen et al. 2021, arXiv 2107.03374): {@code 1 - C(n-c, k) / C(n, k)}.
     *
     * @param n answers
     * @param c right answers
     * @param k 1 to n
     */
    static double passAt(int n, int c, int k) {
        double noneRight = 1;
        for (int i = 0; i < k; i++) {
            noneRight *= Math.max(0, n - c - i) / (double) (n - i);
        }
        return 1 - noneRight;
    }
}
