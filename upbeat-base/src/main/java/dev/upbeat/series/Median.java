package dev.upbeat.series;

import java.util.stream.DoubleStream;

/** The median: the middle value, or the mean of the middle two. */
public final class Median {
    private Median() {}

    /** @param values at least one, no NaN */
    public static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
