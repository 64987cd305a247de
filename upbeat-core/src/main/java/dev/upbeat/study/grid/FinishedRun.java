package dev.upbeat.study.grid;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.AccuracyNames;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.MetricColumns;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Results of a finished training: one line of the grid's rows file, with these names in snake case. Numbers have six
 * significant digits.
 *
 * @param task its name in the grid
 * @param method its name in the grid
 * @param inputs hash of configuration, seed, weights and data
 * @param code hash of the code
 * @param model the weights it began with
 * @param config resolved, without the directory
 * @param wallSeconds from start to end; null if the training was interrupted
 * @param series of metrics.jsonl by name, [steps + 1]; null for a step without a value
 * @param finalAccuracies share of right answers to each held-out problem after the last step, [problems]; null without
 *     evaluation or with benchmarks
 * @param benchmarkAccuracies the same of each benchmark by name, each [problems]; empty without benchmarks
 */
public record FinishedRun(
        String task,
        String method,
        long seed,
        String inputs,
        String code,
        String commit,
        FileHash model,
        Map<String, Object> config,
        String libtorch,
        String cpu,
        int threads,
        String createdAt,
        @Nullable Double wallSeconds,
        Map<String, List<@Nullable Double>> series,
        double @Nullable [] finalAccuracies,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, double[]> benchmarkAccuracies) {
    private static final MathContext DIGITS = new MathContext(6);
    /** Series: mean gamma of each step. */
    public static final String GAMMA = "credit/gamma_mean";

    private static final List<String> KEPT = List.of(
            "reward", AccuracyNames.AVERAGE, "entropy", "completions/mean_length", GAMMA, "grad_norm", "time/step_s");

    /**
     * @param benchmarks names of those that the training evaluates
     * @param directory of the finished training
     */
    static FinishedRun read(
            GridRun run, RunIdentity identity, List<String> benchmarks, Path directory, @Nullable Double wallSeconds)
            throws IOException {
        RunDirectory done = RunDirectory.open(directory);
        MetricColumns metrics = done.metrics();
        if (metrics == null) {
            throw new BadInputException(directory + ": has no metrics; expected a finished training");
        }
        Provenance provenance = done.provenance();
        Map<String, Object> config = new LinkedHashMap<>(done.config());
        config.remove("out");
        Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
        for (String name : KEPT) {
            keep(series, metrics, name);
        }
        long last = metrics.steps()[metrics.steps().length - 1];
        Map<String, double[]> byBenchmark = new LinkedHashMap<>();
        for (String benchmark : benchmarks) {
            keep(series, metrics, AccuracyNames.of(benchmark));
            byBenchmark.put(benchmark, done.accuracies(last, benchmark));
        }
        double[] accuracies = done.accuracies(last, null);
        return new FinishedRun(
                run.task(),
                run.method(),
                run.seed(),
                identity.inputs(),
                identity.code(),
                provenance.commit(),
                provenance.model(),
                config,
                provenance.libtorch(),
                provenance.cpu(),
                provenance.threads(),
                provenance.createdAt(),
                wallSeconds == null ? null : rounded(wallSeconds),
                series,
                accuracies.length == 0 ? null : accuracies,
                byBenchmark);
    }

    private static void keep(Map<String, List<@Nullable Double>> series, MetricColumns metrics, String name) {
        double[] values = metrics.series().get(name);
        if (values != null) {
            series.put(
                    name, Arrays.stream(values).mapToObj(FinishedRun::rounded).toList());
        }
    }

    /** The final accuracies on the problems of a benchmark, [1][problems]. */
    List<double[]> accuracies(String benchmark) {
        return List.of(Objects.requireNonNull(benchmarkAccuracies.get(benchmark), benchmark));
    }

    /** The final accuracies on problems, by benchmark; without benchmarks those on the held-out problems. */
    List<double[]> accuracies() {
        return finalAccuracies == null ? List.copyOf(benchmarkAccuracies.values()) : List.of(finalAccuracies);
    }

    private static @Nullable Double rounded(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).round(DIGITS).doubleValue() : null;
    }

    /** A series over the steps, from step 0; NaN for a step without a value; empty if the run has no such series. */
    public double[] series(String name) {
        return series.getOrDefault(name, List.of()).stream()
                .mapToDouble(value -> value == null ? Double.NaN : value)
                .toArray();
    }

    /** Mean over the steps of the mean gamma: the factor by which credit raised the effective step size. */
    public double meanGamma() {
        return Arrays.stream(series(GAMMA))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
