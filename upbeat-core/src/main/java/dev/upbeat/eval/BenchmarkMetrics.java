package dev.upbeat.eval;

import dev.upbeat.stats.Interval;
import dev.upbeat.store.AccuracyNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of a training that evaluates several benchmarks; docs/metrics.md defines each. */
public final class BenchmarkMetrics {
    private BenchmarkMetrics() {}

    /**
     * The accuracies and their intervals by name.
     *
     * @param accuracies by benchmark, at least one
     * @param all whether these are all benchmarks, so that their average is defined
     */
    public static Map<String, Double> of(Map<String, Accuracy> accuracies, boolean all) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        accuracies.forEach((benchmark, accuracy) ->
                put(metrics, AccuracyNames.of(benchmark), accuracy.mean(), accuracy.interval()));
        if (all) {
            double[] means =
                    accuracies.values().stream().mapToDouble(Accuracy::mean).toArray();
            List<Interval> intervals =
                    accuracies.values().stream().map(Accuracy::interval).toList();
            double sum = 0;
            for (double mean : means) {
                sum += mean;
            }
            put(metrics, AccuracyNames.AVERAGE, sum / means.length, Interval.ofAverage(means, intervals));
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String name, double value, Interval interval) {
        metrics.put(name, value);
        metrics.put(name + "_low", interval.low());
        metrics.put(name + "_high", interval.high());
    }
}
