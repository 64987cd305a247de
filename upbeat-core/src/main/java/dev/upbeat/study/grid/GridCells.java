package dev.upbeat.study.grid;

import dev.upbeat.stats.PairedDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Computes the results of a task's methods for {@link GridTable}.
 *
 * @param done the finished runs of the grid
 * @param benchmarks names of the task's benchmarks
 */
record GridCells(GridConfig config, Map<GridRun, FinishedRun> done, String task, List<String> benchmarks) {
    /** Seed of all bootstraps: the same rows give the same table. */
    private static final long SEED = 0;

    private @Nullable FinishedRun run(String method, int seed) {
        return done.get(new GridRun(task, method, config.seeds().get(seed)));
    }

    GridTable.Method method(String name) throws IOException {
        List<GridTable.Result> results = new ArrayList<>();
        Map<String, List<GridTable.Result>> byBenchmark = new LinkedHashMap<>();
        for (Outcome outcome : config.outcomes()) {
            boolean printed = config.paper() != null && outcome == Outcome.FINAL_ACCURACY;
            PaperCredit paper = printed ? PaperCredit.of(config, task, name) : PaperCredit.NONE;
            results.add(result(name, outcome, outcome::of, FinishedRun::accuracies, paper));
            if (outcome.isAccuracy()) {
                for (String benchmark : benchmarks) {
                    byBenchmark
                            .computeIfAbsent(benchmark, key -> new ArrayList<>())
                            .add(result(
                                    name,
                                    outcome,
                                    run -> outcome.of(run, benchmark),
                                    run -> run.accuracies(benchmark),
                                    printed
                                            ? PaperCredit.ofBenchmark(config, task, name, benchmark)
                                            : PaperCredit.NONE));
                }
            }
        }
        double gamma = Arrays.stream(values(name, FinishedRun::meanGamma))
                .filter(v -> !Double.isNaN(v))
                .average()
                .orElse(Double.NaN);
        return new GridTable.Method(name, gamma, results, byBenchmark);
    }

    /** @param problems final accuracies of a run, [benchmarks][problems] */
    private GridTable.Result result(
            String method,
            Outcome outcome,
            ToDoubleFunction<FinishedRun> value,
            Function<FinishedRun, List<double[]>> problems,
            PaperCredit paper) {
        Map<String, PairedDifference> differences = new LinkedHashMap<>();
        for (String baseline : config.baselines()) {
            if (baseline.equals(method)) {
                break; // two baselines are compared once: the later with the earlier
            }
            PairedDifference difference = difference(
                    method, baseline, value, outcome == Outcome.FINAL_ACCURACY ? problems : run -> List.of());
            if (difference != null) {
                differences.put(baseline, difference);
            }
        }
        return new GridTable.Result(outcome, values(method, value), paper.value(), paper.note(), differences);
    }

    private double[] values(String method, ToDoubleFunction<FinishedRun> of) {
        double[] values = new double[config.seeds().size()];
        for (int i = 0; i < values.length; i++) {
            FinishedRun run = run(method, i);
            values[i] = run == null ? Double.NaN : of.applyAsDouble(run);
        }
        return values;
    }

    /** The difference over the seeds that both have finished; null for fewer than two. */
    private @Nullable PairedDifference difference(
            String method,
            String baseline,
            ToDoubleFunction<FinishedRun> value,
            Function<FinishedRun, List<double[]>> problems) {
        List<Double> differences = new ArrayList<>();
        List<List<double[]>> byProblem = new ArrayList<>(); // [seeds][benchmarks][problems]
        for (int i = 0; i < config.seeds().size(); i++) {
            FinishedRun one = run(method, i);
            FinishedRun other = run(baseline, i);
            if (one == null || other == null) {
                continue;
            }
            differences.add(value.applyAsDouble(one) - value.applyAsDouble(other));
            byProblem.add(minus(problems.apply(one), problems.apply(other)));
        }
        if (differences.size() < 2) {
            return null;
        }
        return PairedDifference.of(
                differences.stream().mapToDouble(Double::doubleValue).toArray(), tables(byProblem), SEED);
    }

    /** Transposes to [benchmarks][seeds][problems]; null if no problems are known or a benchmark has only one. */
    private static double @Nullable [][][] tables(List<List<double[]>> bySeed) {
        int benchmarks = bySeed.get(0).size();
        if (benchmarks == 0 || bySeed.get(0).stream().anyMatch(problems -> problems.length < 2)) {
            return null;
        }
        double[][][] tables = new double[benchmarks][bySeed.size()][];
        for (int b = 0; b < benchmarks; b++) {
            for (int seed = 0; seed < bySeed.size(); seed++) {
                tables[b][seed] = bySeed.get(seed).get(b);
            }
        }
        return tables;
    }

    private static List<double[]> minus(List<double[]> one, List<double[]> other) {
        List<double[]> differences = new ArrayList<>();
        for (int b = 0; b < one.size(); b++) {
            differences.add(minus(one.get(b), other.get(b)));
        }
        return differences;
    }

    private static double[] minus(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalStateException(one.length + " held-out problems against " + other.length + " in one task");
        }
        double[] differences = new double[one.length];
        Arrays.setAll(differences, i -> one[i] - other[i]);
        return differences;
    }
}
