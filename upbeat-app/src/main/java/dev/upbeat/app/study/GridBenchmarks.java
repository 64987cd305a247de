package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.stats.PairedDifference;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridTable;
import dev.upbeat.study.grid.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tables of a task with several benchmarks, as the paper's Tables 4 to 7, 9, 13, 14 and 16 to 19: rows are methods,
 * columns benchmarks and their plain average.
 */
final class GridBenchmarks {
    private final GridConfig config;
    private final GridTable.Task task;
    private final Outcome outcome;

    private GridBenchmarks(GridConfig config, GridTable.Task task, Outcome outcome) {
        this.config = config;
        this.task = task;
        this.outcome = outcome;
    }

    /** The tables of a task; none if it has no benchmarks or the outcome is not an accuracy. */
    static List<Block> of(GridConfig config, GridTable.Task task, Outcome outcome) {
        if (task.benchmarks().isEmpty() || !outcome.isAccuracy()) {
            return List.of();
        }
        GridBenchmarks tables = new GridBenchmarks(config, task, outcome);
        List<Block> blocks = new ArrayList<>();
        blocks.add(tables.accuracies());
        if (task.methods().stream()
                .flatMap(method -> method.columns(outcome).stream())
                .anyMatch(result -> result.paper() != null)) {
            blocks.add(tables.paper());
        }
        if (task.methods().stream().anyMatch(method -> method.columns(outcome).stream()
                .anyMatch(result -> !result.differences().isEmpty()))) {
            blocks.add(tables.differences());
        }
        return blocks;
    }

    private GridTable.@Nullable Method baseline() {
        return config.baselines().isEmpty()
                ? null
                : task.methods().stream()
                        .filter(method ->
                                method.name().equals(config.baselines().get(0)))
                        .findFirst()
                        .orElse(null);
    }

    private Block accuracies() {
        GridTable.Method baseline = baseline();
        List<String> head = head("method");
        head.add(1, "mean gamma");
        head.add("Avg. by seed");
        if (baseline != null) {
            head.addAll(List.of("gain, points", "gain, %"));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (GridTable.Method method : task.methods()) {
            List<GridTable.Result> columns = method.columns(outcome);
            GridTable.Result average = columns.get(columns.size() - 1);
            List<String> cells = new ArrayList<>(List.of(method.name(), Format.decimal(method.meanGamma(), 3)));
            columns.forEach(result -> cells.add(meanAndDeviation(result)));
            cells.add(OutcomeUnit.SHARE.bySeed(average.values()));
            if (baseline != null) {
                List<GridTable.Result> others = baseline.columns(outcome);
                GridTable.Gain gain = average.over(others.get(others.size() - 1));
                boolean itself = method == baseline;
                cells.add(itself ? Format.NONE : OutcomeUnit.SHARE.difference(gain.difference()));
                cells.add(itself ? Format.NONE : Format.signed(100 * gain.ratio(), 1));
            }
            rows.add(cells.stream().map(Cell::of).toList());
        }
        return new Block.Table(
                task.name() + ": " + outcome
                        + " in percent, mean \u00b1 standard deviation over the finished seeds; Avg. is the"
                        + " plain average of the benchmarks"
                        + (baseline == null
                                ? "."
                                : ", and its gain is over " + baseline.name() + " on the same seeds."),
                head,
                rows);
    }

    private static String meanAndDeviation(GridTable.Result result) {
        String mean = Format.decimal(100 * result.mean(), 1);
        return Double.isNaN(result.deviation())
                ? mean
                : mean + " \u00b1 " + Format.decimal(100 * result.deviation(), 1);
    }

    private Block paper() {
        List<List<Cell>> rows = new ArrayList<>();
        for (GridTable.Method method : task.methods()) {
            Stream<String> numbers = method.columns(outcome).stream().map(result -> Format.decimal(result.paper(), 1));
            rows.add(Stream.concat(Stream.of(method.name()), numbers)
                    .map(Cell::of)
                    .toList());
        }
        return new Block.Table(
                task.name() + ": the paper's accuracies in percent (" + config.paper()
                        + "), of another model and more steps.",
                head("method"),
                rows);
    }

    private Block differences() {
        List<List<Cell>> rows = new ArrayList<>();
        for (String baseline : config.baselines()) {
            for (GridTable.Method method : task.methods()) {
                List<GridTable.Result> columns = method.columns(outcome);
                if (columns.stream().allMatch(result -> result.differences().containsKey(baseline))) {
                    List<Cell> cells = new ArrayList<>(List.of(Cell.of(method.name() + " - " + baseline)));
                    columns.forEach(result ->
                            cells.add(Cell.of(difference(result.differences().get(baseline)))));
                    rows.add(cells);
                }
            }
        }
        return new Block.Table(
                task.name() + ": differences in points, paired by seed, with their 95% t intervals.",
                head("difference"),
                rows);
    }

    private static String difference(@Nullable PairedDifference difference) {
        return difference == null
                ? Format.NONE
                : OutcomeUnit.SHARE.difference(difference.mean().mean()) + " "
                        + OutcomeUnit.SHARE.interval(difference.t());
    }

    private List<String> head(String first) {
        List<String> head = new ArrayList<>(List.of(first));
        head.addAll(task.benchmarks());
        head.add("Avg.");
        return head;
    }
}
