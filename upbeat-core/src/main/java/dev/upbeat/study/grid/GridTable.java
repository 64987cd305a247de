package dev.upbeat.study.grid;

import dev.upbeat.stats.PairedDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a grid: each method's outcomes by seed, and its paired differences from the baselines.
 *
 * @param done number of finished runs
 * @param of number of all runs
 * @param tasks in the configuration's order
 */
public record GridTable(int done, int of, List<Task> tasks) {
    /** Seed of all bootstraps: the same rows give the same table. */
    private static final long SEED = 0;

    public record Task(String name, List<Method> methods) {}

    /**
     * @param meanGamma over steps and seeds: the factor by which credit raised the effective step size; NaN without a
     *     finished run
     * @param results in the order of the configuration's outcomes
     */
    public record Method(String name, double meanGamma, List<Result> results) {}

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
    }

    /** @param done the finished runs of the grid */
    public static GridTable of(GridConfig config, Map<GridRun, FinishedRun> done) throws IOException {
        List<Task> tasks = new ArrayList<>();
        for (String task : config.tasks().keySet()) {
            List<Method> methods = new ArrayList<>();
            for (String method : config.methods().keySet()) {
                methods.add(new Cells(config, done, task).method(method));
            }
            tasks.add(new Task(task, methods));
        }
        return new GridTable(done.size(), config.runs().size(), tasks);
    }

    /** The runs of a task. */
    private record Cells(GridConfig config, Map<GridRun, FinishedRun> done, String task) {
        private @Nullable FinishedRun run(String method, int seed) {
            return done.get(new GridRun(task, method, config.seeds().get(seed)));
        }

        Method method(String name) throws IOException {
            double[] gammas = values(name, FinishedRun::meanGamma);
            List<Result> results = new ArrayList<>();
            for (Outcome outcome : config.outcomes()) {
                Map<String, PairedDifference> differences = new LinkedHashMap<>();
                for (String baseline : config.baselines()) {
                    if (baseline.equals(name)) {
                        break; // two baselines are compared once: the later with the earlier
                    }
                    PairedDifference difference = difference(name, baseline, outcome);
                    if (difference != null) {
                        differences.put(baseline, difference);
                    }
                }
                PaperCredit paper = config.paper() == null || outcome != Outcome.FINAL_ACCURACY
                        ? PaperCredit.NONE
                        : PaperCredit.of(config, task, name);
                results.add(new Result(outcome, values(name, outcome::of), paper.value(), paper.note(), differences));
            }
            double gamma = Arrays.stream(gammas)
                    .filter(v -> !Double.isNaN(v))
                    .average()
                    .orElse(Double.NaN);
            return new Method(name, gamma, results);
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
        private @Nullable PairedDifference difference(String method, String baseline, Outcome outcome) {
            List<Double> differences = new ArrayList<>();
            List<double[]> problems = new ArrayList<>();
            for (int i = 0; i < config.seeds().size(); i++) {
                FinishedRun one = run(method, i);
                FinishedRun other = run(baseline, i);
                if (one == null || other == null) {
                    continue;
                }
                differences.add(outcome.of(one) - outcome.of(other));
                if (outcome == Outcome.FINAL_ACCURACY) {
                    problems.add(minus(
                            Objects.requireNonNull(one.finalAccuracies()),
                            Objects.requireNonNull(other.finalAccuracies())));
                }
            }
            if (differences.size() < 2) {
                return null;
            }
            return PairedDifference.of(
                    differences.stream().mapToDouble(Double::doubleValue).toArray(),
                    problems.isEmpty() ? null : problems.toArray(double[][]::new),
                    SEED);
        }

        private static double[] minus(double[] one, double[] other) {
            if (one.length != other.length) {
                throw new IllegalStateException(
                        one.length + " held-out problems against " + other.length + " in one task");
            }
            double[] differences = new double[one.length];
            Arrays.setAll(differences, i -> one[i] - other[i]);
            return differences;
        }
    }
}
