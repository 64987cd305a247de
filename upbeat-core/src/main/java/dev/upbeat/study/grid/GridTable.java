package dev.upbeat.study.grid;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.upbeat.stats.MeanEstimate;
import dev.upbeat.stats.PairedDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a grid: each method's outcomes by seed, and its paired differences from the baselines.
 *
 * @param done number of finished runs
 * @param of number of all runs
 * @param tasks in the configuration's order
 */
public record GridTable(int done, int of, List<Task> tasks) {
    /** @param benchmarks names of its benchmarks; empty if runs evaluate their held-out problems */
    public record Task(
            String name,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> benchmarks,
            List<Method> methods) {}

    /**
     * @param meanGamma over steps and seeds: the factor by which credit raised the effective step size; NaN without a
     *     finished run
     * @param results in the order of the configuration's outcomes; with benchmarks, an accuracy is their plain average
     * @param benchmarks the accuracies among the outcomes, in the same order, by benchmark
     */
    public record Method(
            String name,
            double meanGamma,
            List<Result> results,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<Result>> benchmarks) {
        /** The results of an outcome: of each benchmark, then their average. */
        public List<Result> columns(Outcome outcome) {
            return Stream.concat(benchmarks.values().stream().flatMap(List::stream), results.stream())
                    .filter(result -> result.outcome() == outcome)
                    .toList();
        }
    }

    /**
     * Gain over a baseline, over the seeds that both have finished.
     *
     * @param difference of the means, a share; NaN without such a seed
     * @param ratio of the means, minus 1; NaN without such a seed, or if the baseline's mean is 0
     */
    public record Gain(double difference, double ratio) {}

    /**
     * @param values by seed, shares, [seeds]; NaN for an unfinished run
     * @param paper the paper's value, percent; null if it has none for this outcome and this credit
     * @param paperNote remark on the paper's value or its absence; null for none
     * @param differences from each baseline by name, for a baseline from those listed before it; absent with fewer than two
     *     finished seeds of both
     */
    public record Result(
            Outcome outcome,
            double[] values,
            @Nullable Double paper,
            @Nullable String paperNote,
            Map<String, PairedDifference> differences) {
        /** Mean over the finished seeds; NaN if there are none. */
        public double mean() {
            return Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
        }

        /** Standard deviation over the finished seeds, with n - 1; NaN if there are fewer than two. */
        public double deviation() {
            double[] finished =
                    Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
            return finished.length < 2 ? Double.NaN : MeanEstimate.of(finished).sd();
        }

        /** The gain over the same result of a baseline. */
        public Gain over(Result baseline) {
            double own = 0;
            double other = 0;
            int seeds = 0;
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(values[i]) && !Double.isNaN(baseline.values[i])) {
                    own += values[i];
                    other += baseline.values[i];
                    seeds++;
                }
            }
            return new Gain((own - other) / seeds, other == 0 ? Double.NaN : own / other - 1);
        }
    }

    /** @param done the finished runs of the grid */
    public static GridTable of(GridConfig config, Map<GridRun, FinishedRun> done) throws IOException {
        List<Task> tasks = new ArrayList<>();
        for (String task : config.tasks().keySet()) {
            List<Method> methods = new ArrayList<>();
            List<String> benchmarks = config.benchmarks(task);
            for (String method : config.methods().keySet()) {
                methods.add(new GridCells(config, done, task, benchmarks).method(method));
            }
            tasks.add(new Task(task, benchmarks, methods));
        }
        return new GridTable(done.size(), config.runs().size(), tasks);
    }
}
