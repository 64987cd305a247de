package dev.upbeat.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. */
public final class Spearman {
    /** Two shuffles of the same ranks differ by rounding alone; such a one is as extreme as what was seen. */
    private static final double ROUNDING = 1e-12;

    private Spearman() {}

    /**
     * @param x at least two values
     * @param y as many
     * @return rho, -1 to 1; NaN where one side has equal values only
     */
    public static double rho(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " values against " + y.length + "; expected as many of both");
        }
        MeanEstimate.requireTwo(x.length);
        return correlation(ranks(x), ranks(y));
    }

    /**
     * The two-sided p-value by the t approximation, SciPy's default.
     *
     * @param n pairs, at least 3
     */
    public static double pValue(double rho, int n) {
        if (n < 3) {
            throw new IllegalArgumentException(n + " pairs leave no degree of freedom; expected at least 3");
        }
        double t = rho * Math.sqrt((n - 2) / ((1 + rho) * (1 - rho)));
        return 2 * TDistribution.of(n - 2).survivalProbability(Math.abs(t));
    }

    /** The two-sided p-value by shuffling {@code y}: the share of shuffles of at least as large a |rho|, what was seen included. */
    public static double permutationPValue(double[] x, double[] y, int shuffles, SplittableRandom random) {
        double bar = Math.abs(rho(x, y)) * (1 - ROUNDING);
        double[] rx = ranks(x);
        double[] ry = ranks(y);
        int extreme = 0;
        for (int i = 0; i < shuffles; i++) {
            for (int k = ry.length - 1; k > 0; k--) {
                int j = random.nextInt(k + 1);
                double swapped = ry[k];
                ry[k] = ry[j];
                ry[j] = swapped;
            }
            extreme += Math.abs(correlation(rx, ry)) >= bar ? 1 : 0;
        }
        return (1.0 + extreme) / (1.0 + shuffles);
    }

    /** Ranks from 1, ties sharing their mean rank. */
    static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double correlation(double[] x, double[] y) {
        double mx = Arrays.stream(x).average().orElseThrow();
        double my = Arrays.stream(y).average().orElseThrow();
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
            xy += (x[i] - mx) * (y[i] - my);
        }
        return xx == 0 || yy == 0 ? Double.NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
    }
}
