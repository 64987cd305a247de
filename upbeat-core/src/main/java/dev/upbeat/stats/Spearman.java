package dev.upbeat.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Spearman's rank correlation: Pearson's correlation of the ranks. Equal values share their mean rank. */
public final class Spearman {
    /** Correlations of the same ranks in another order differ by rounding; they count as equally extreme. */
    private static final double ROUNDING = 1e-12;

    private Spearman() {}

    /**
     * @param x at least two values
     * @param y the same number of values
     * @return rho, -1 to 1; NaN if all values of one side are equal
     */
    public static double rho(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " values against " + y.length + "; expected as many of both");
        }
        MeanEstimate.requireTwo(x.length);
        return Math.max(-1, Math.min(1, product(ranks(x), ranks(y))));
    }

    /**
     * The two-sided p-value of the mean rho over groups: the share of shuffles with at least the observed |mean|, where the
     * observed order counts as one shuffle. Each group's {@code y} is shuffled within the group.
     *
     * @param x at least one group, each of at least two values that are not all equal
     * @param y groups of the same sizes, with the same requirements
     */
    public static double permutationPValue(List<double[]> x, List<double[]> y, int shuffles, SplittableRandom random) {
        if (x.size() != y.size()) {
            throw new IllegalArgumentException(x.size() + " groups against " + y.size() + "; expected as many of both");
        }
        double sum = IntStream.range(0, x.size())
                .mapToDouble(g -> rho(x.get(g), y.get(g)))
                .sum();
        if (Double.isNaN(sum)) {
            throw new IllegalArgumentException("a group has equal values only, which have no rank correlation");
        }
        double bar = Math.abs(sum) * (1 - ROUNDING);
        List<double[]> rx = x.stream().map(Spearman::ranks).toList();
        List<double[]> ry = y.stream().map(Spearman::ranks).toList();
        int extreme = 0;
        for (int i = 0; i < shuffles; i++) {
            double shuffled = 0;
            for (int g = 0; g < rx.size(); g++) {
                shuffle(ry.get(g), random);
                shuffled += product(rx.get(g), ry.get(g));
            }
            extreme += Math.abs(shuffled) >= bar ? 1 : 0;
        }
        return (1.0 + extreme) / (1.0 + shuffles);
    }

    private static void shuffle(double[] values, SplittableRandom random) {
        for (int k = values.length - 1; k > 0; k--) {
            int j = random.nextInt(k + 1);
            double swapped = values[k];
            values[k] = values[j];
            values[j] = swapped;
        }
    }

    /**
     * Ranks minus their mean, divided by their norm, so that scalar products are correlations. Ties share their mean rank.
     * NaN if all values are equal.
     */
    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        double middle = (values.length - 1) / 2.0;
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0 - middle;
            }
            from = to;
        }
        double norm = Math.sqrt(Arrays.stream(ranks).map(rank -> rank * rank).sum());
        return Arrays.stream(ranks).map(rank -> rank / norm).toArray();
    }

    private static double product(double[] x, double[] y) {
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            product += x[i] * y[i];
        }
        return product;
    }
}
