package dev.upbeat.app.study;

import dev.upbeat.study.grid.FinishedRun;
import dev.upbeat.study.grid.GridRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds methods whose runs have identical numbers, which look like a result and are none. */
final class EqualRuns {
    private static final List<String> COMPARED = List.of("reward", "eval/accuracy", "completions/mean_length");

    private EqualRuns() {}

    /** One finding for each task and seed that has equal runs, with the likely reason. */
    static List<String> of(Map<GridRun, FinishedRun> done) {
        Map<List<Object>, List<GridRun>> equal = new LinkedHashMap<>();
        done.forEach((run, row) -> equal.computeIfAbsent(numbers(run, row), key -> new ArrayList<>())
                .add(run));
        return equal.values().stream()
                .filter(runs -> runs.size() > 1)
                .map(runs -> finding(runs, done))
                .toList();
    }

    private static List<Object> numbers(GridRun run, FinishedRun row) {
        List<Object> numbers = new ArrayList<>(List.of(run.task(), run.seed(), Arrays.toString(row.finalAccuracies())));
        COMPARED.forEach(name -> numbers.add(Arrays.toString(row.series(name))));
        return numbers;
    }

    private static String finding(List<GridRun> runs, Map<GridRun, FinishedRun> done) {
        List<FinishedRun> rows = runs.stream().map(done::get).toList();
        return runs.get(0).task() + ", seed " + runs.get(0).seed() + ": "
                + runs.stream().map(GridRun::method).collect(Collectors.joining(", "))
                + " have identical rewards and accuracies at every step: " + reason(rows) + ".";
    }

    private static String reason(List<FinishedRun> rows) {
        if (rows.stream().map(FinishedRun::inputs).distinct().count() == 1) {
            return "their configurations are the same, so one training counts for all of them";
        }
        double[] norms = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.series("grad_norm")))
                .filter(norm -> !Double.isNaN(norm))
                .toArray();
        if (norms.length > 0 && Arrays.stream(norms).allMatch(norm -> norm == 0)) {
            return "no step had a gradient, because the rewards in each group were equal";
        }
        return "their updates were too small to change a sampled token; train for more steps or with a higher learning"
                + " rate";
    }
}
