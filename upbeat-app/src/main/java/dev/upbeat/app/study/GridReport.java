package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.app.study.output.IntervalChart;
import dev.upbeat.app.study.output.StudyFiles;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.stats.Interval;
import dev.upbeat.stats.PairedDifference;
import dev.upbeat.stats.Power;
import dev.upbeat.store.KnownEntries;
import dev.upbeat.study.grid.FinishedRun;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridStudy;
import dev.upbeat.study.grid.GridTable;
import dev.upbeat.study.grid.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report of a grid: findings, curves, and for each outcome a table like the paper's and one of the differences with
 * their intervals.
 */
public final class GridReport {
    private final GridStudy study;
    private final GridConfig config;
    private final List<GridTable.Task> tasks;

    private GridReport(GridStudy study) {
        this.study = study;
        this.config = study.config();
        this.tasks = study.table().tasks();
    }

    public static StudyReport of(GridStudy study) {
        return new GridReport(study).report();
    }

    /** Writes study.json, study.md, figures and report.html into the grid's directory. */
    public static void write(GridStudy study, StudyReport report) throws IOException {
        Path directory = study.config().out();
        Files.createDirectories(directory);
        KnownEntries.STUDY.requireOwnKinds(directory);
        StudyFiles.write(directory, report, study.file());
    }

    private StudyReport report() {
        List<StudyReport.Section> sections = new ArrayList<>();
        for (int i = 0; i < config.outcomes().size(); i++) {
            Outcome outcome = config.outcomes().get(i);
            List<Block> blocks = new ArrayList<>();
            if (tasks.size() > 1 || tasks.get(0).benchmarks().isEmpty() || !outcome.isAccuracy()) {
                blocks.add(overview(outcome, i));
            }
            tasks.forEach(task -> blocks.addAll(GridBenchmarks.of(config, task, outcome)));
            blocks.addAll(paperNotes(i));
            for (GridTable.Task task : tasks) {
                differences(blocks, task, i);
            }
            sections.add(new StudyReport.Section(Format.capitalized(outcome.description()), blocks));
        }
        sections.add(new StudyReport.Section("Methods", List.of(methods())));
        sections.add(new StudyReport.Section("Curves", GridCurves.of(study)));
        sections.add(new StudyReport.Section("Results per run", List.of(runs())));
        String name = String.valueOf(config.file().getFileName()).replaceFirst("\\.ya?ml$", "");
        return new StudyReport("Grid study: " + name, study.command(), GridFindings.of(study), sections, provenance());
    }

    /** Methods by tasks, as in the paper's tables, with the paper's values. */
    private Block overview(Outcome outcome, int index) {
        boolean paper = tasks.stream()
                .flatMap(task -> task.methods().stream())
                .anyMatch(method -> method.results().get(index).paper() != null);
        OutcomeUnit unit = OutcomeUnit.of(outcome);
        List<String> head = new ArrayList<>(List.of("method", "mean gamma"));
        for (GridTable.Task task : tasks) {
            head.addAll(List.of(task.name() + unit.value(), "by seed"));
            if (paper) {
                head.add("paper %");
            }
        }
        if (tasks.size() > 1) {
            head.add("Avg." + unit.value());
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (int m = 0; m < config.methods().size(); m++) {
            int method = m;
            Function<GridTable.Task, GridTable.Result> result =
                    task -> task.methods().get(method).results().get(index);
            List<String> cells = new ArrayList<>();
            cells.add(tasks.get(0).methods().get(m).name());
            cells.add(Format.decimal(average(task -> task.methods().get(method).meanGamma()), 3));
            for (GridTable.Task task : tasks) {
                cells.add(unit.value(result.apply(task).mean()));
                cells.add(unit.bySeed(result.apply(task).values()));
                if (paper) {
                    cells.add(Format.decimal(result.apply(task).paper(), 1));
                }
            }
            if (tasks.size() > 1) {
                cells.add(unit.value(average(task -> result.apply(task).mean())));
            }
            rows.add(cells.stream().map(Cell::of).toList());
        }
        return new Block.Table("By " + outcome + ", means over seeds; a dash marks unfinished runs.", head, rows);
    }

    private List<Block> paperNotes(int index) {
        List<Block> notes = new ArrayList<>();
        for (GridTable.Task task : tasks) {
            for (GridTable.Method method : task.methods()) {
                String note = method.results().get(index).paperNote();
                if (note != null) {
                    notes.add(new Block.Text("Paper, " + task.name() + ", " + method.name() + ": " + note + "."));
                }
            }
        }
        return notes;
    }

    /** The credit of each method: its strategy and all options that the strategy reads. */
    private Block methods() {
        List<List<Cell>> rows = new ArrayList<>();
        study.credits().forEach((method, credit) -> rows.add(List.of(Cell.of(method), Cell.of(credit))));
        return new Block.Table(
                "The credit of each method: its strategy and all options that the strategy reads.",
                List.of("method", "credit"),
                rows);
    }

    private double average(ToDoubleFunction<GridTable.Task> value) {
        return tasks.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private void differences(List<Block> blocks, GridTable.Task task, int index) {
        OutcomeUnit unit = OutcomeUnit.of(config.outcomes().get(index));
        List<List<Cell>> rows = new ArrayList<>();
        List<IntervalChart.Row> chart = new ArrayList<>();
        for (String baseline : config.baselines()) {
            chart.add(IntervalChart.Row.heading("minus " + baseline));
            for (GridTable.Method method : task.methods()) {
                PairedDifference difference =
                        method.results().get(index).differences().get(baseline);
                if (difference != null) {
                    Double paper = paper(task, index, method, baseline);
                    rows.add(row(method.name() + " - " + baseline, unit, difference, paper));
                    Interval t = difference.t();
                    chart.add(new IntervalChart.Row(
                            method.name(),
                            unit.factor() * difference.mean().mean(),
                            t == null ? Double.NaN : unit.factor() * t.low(),
                            t == null ? Double.NaN : unit.factor() * t.high(),
                            paper == null ? Double.NaN : paper));
                }
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        String average =
                task.benchmarks().isEmpty() || !config.outcomes().get(index).isAccuracy()
                        ? ""
                        : ", average of the benchmarks";
        blocks.add(new Block.Table(
                task.name() + average
                        + ": differences in " + unit.difference()
                        + ", paired by seed. Seeds needed: to detect a difference of this "
                        + "size and spread with a probability of 80 %.",
                List.of(
                        "difference",
                        "seeds",
                        unit.difference(),
                        "sd",
                        "95% t",
                        "95% bootstrap",
                        "p (t)",
                        "p (signs)",
                        "seeds needed",
                        "paper, points"),
                rows));
        String title = task.name() + average + ", " + config.outcomes().get(index) + ": difference and 95% t interval";
        blocks.add(new Block.Figure(
                "differences-" + task.name() + "-" + config.outcomes().get(index),
                "Difference of each method from the baselines, with its t interval",
                IntervalChart.of(title, unit.difference(), 0.0, chart)));
    }

    /** Difference in the paper, points. */
    private static @Nullable Double paper(GridTable.Task task, int index, GridTable.Method method, String baseline) {
        Double one = method.results().get(index).paper();
        Double other = task.methods().stream()
                .filter(candidate -> candidate.name().equals(baseline))
                .map(candidate -> candidate.results().get(index).paper())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return one == null || other == null ? null : one - other;
    }

    private static List<Cell> row(String name, OutcomeUnit unit, PairedDifference difference, @Nullable Double paper) {
        Integer needed = difference.pairsNeeded();
        return List.of(
                        name,
                        Integer.toString(difference.mean().n()),
                        unit.difference(difference.mean().mean()),
                        unit.exact(difference.mean().sd()),
                        unit.interval(difference.t()),
                        unit.interval(difference.bootstrap()),
                        Format.pValue(difference.tP()),
                        Format.pValue(difference.flipP()),
                        needed == null ? Format.NONE : (needed > Power.MOST ? "> " + Power.MOST : needed.toString()),
                        Format.signed(paper, 1))
                .stream()
                .map(Cell::of)
                .toList();
    }

    /** One row per run, with a link to its report if the run is stored here. */
    private Block runs() {
        List<List<Cell>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("task", "method", "seed"));
        config.outcomes()
                .forEach(outcome -> head.add(outcome + OutcomeUnit.of(outcome).value()));
        head.addAll(List.of("mean gamma", "minutes", "threads", "code", "commit"));
        study.done().forEach((run, row) -> {
            String directory = study.directories().get(run);
            List<Cell> cells = new ArrayList<>();
            cells.add(Cell.of(run.task()));
            cells.add(new Cell(run.method(), directory == null ? null : directory + "/report.html"));
            cells.add(Cell.of(Long.toString(run.seed())));
            config.outcomes()
                    .forEach(
                            outcome -> cells.add(Cell.of(OutcomeUnit.of(outcome).exact(outcome.of(row)))));
            cells.add(Cell.of(Format.decimal(row.meanGamma(), 4)));
            Double seconds = row.wallSeconds();
            cells.add(Cell.of(Format.decimal(seconds == null ? null : seconds / 60, 1)));
            cells.add(Cell.of(Integer.toString(row.threads())));
            cells.add(Cell.of(row.code().substring(0, 8)));
            cells.add(Cell.of(row.commit().replaceFirst("^([0-9a-f]{8})[0-9a-f]*", "$1")));
            rows.add(cells);
        });
        return new Block.Table("Each run; the raw rows are in " + config.rows().getFileName() + ".", head, rows);
    }

    /** Provenance of all runs; a fact that differs between runs is listed with all its values. */
    private Map<String, String> provenance() {
        Map<String, Function<FinishedRun, String>> facts = new LinkedHashMap<>();
        facts.put(
                "weights", row -> row.model().name() + ", sha256 " + row.model().sha256());
        facts.put("code", FinishedRun::code);
        facts.put("commit", FinishedRun::commit);
        facts.put("libtorch", FinishedRun::libtorch);
        facts.put("cpu", FinishedRun::cpu);
        facts.put("threads", row -> Integer.toString(row.threads()));
        Map<String, String> provenance = new LinkedHashMap<>();
        facts.forEach((name, fact) -> provenance.put(
                name, study.done().values().stream().map(fact).distinct().collect(Collectors.joining("; "))));
        provenance.put("base configuration", config.base().toString());
        provenance.put("for all runs", String.join(" ", config.common().words()));
        config.methods()
                .forEach((name, settings) -> provenance.put("method " + name, String.join(" ", settings.words())));
        return provenance;
    }
}
