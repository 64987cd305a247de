package dev.upbeat.app.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median: the middle value, or the mean of the middle two. */
final class Medians {
    private Medians() {}

    /** @param values at least one */
    static <T> double of(List<T> values, ToDoubleFunction<T> number) {
        double[] sorted = values.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
