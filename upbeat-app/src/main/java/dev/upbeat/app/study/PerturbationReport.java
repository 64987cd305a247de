package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.app.study.output.IntervalChart;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.perturbation.Comparison;
import dev.upbeat.study.perturbation.Criterion;
import dev.upbeat.study.perturbation.Paired;
import dev.upbeat.study.perturbation.PerturbationExperiment;
import dev.upbeat.study.perturbation.PerturbationSettings;
import dev.upbeat.study.perturbation.PerturbedProblem;
import dev.upbeat.study.perturbation.SharedPrefixSpeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report of the perturbation study: findings, tables, a chart and examples. */
public final class PerturbationReport {
    /** With fewer problems, a percentile bootstrap covers clearly less than 95%. */
    private static final int FEW = 10;

    /** Table 1: Qwen3-4B-Base, 70 problems of GSM8K, over its rollout horizons. */
    private static final double PAPER_TOP = 0.534;

    private static final double PAPER_BOTTOM = 0.631;
    private static final double PAPER_LOWER = 0.8714;

    private final PerturbationExperiment experiment;
    private final PerturbationSettings settings;
    private final String run;
    private final Examples.Choice example;

    private PerturbationReport(PerturbationExperiment experiment, String run, Examples.Choice example) {
        this.example = example;
        this.experiment = experiment;
        this.settings = experiment.settings();
        this.run = run;
    }

    /**
     * @param run the run directory, relative to the study's
     * @param example problem that the examples are from
     * @param provenance origin of the numbers, in the order shown
     */
    public static StudyReport of(
            PerturbationExperiment experiment, String run, Examples.Choice example, Map<String, String> provenance) {
        return new PerturbationReport(experiment, run, example).report(provenance);
    }

    private StudyReport report(Map<String, String> provenance) {
        List<StudyReport.Section> sections = List.of(
                new StudyReport.Section("High against low FAI (Table 1)", paperTable()),
                new StudyReport.Section("Comparisons with other criteria", comparisons()),
                new StudyReport.Section("Changed answers (section 4.1)", AnswerBlocks.of(experiment)),
                new StudyReport.Section("Examples (B.10)", Examples.of(experiment, example)),
                new StudyReport.Section("Results per problem", problems()));
        return new StudyReport(
                "Perturbation study: " + run.replaceFirst(".*/", ""),
                experiment.command(),
                findings(),
                sections,
                provenance);
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        experiment.comparisons().stream()
                .filter(each -> each.horizon() == settings.furthest())
                .map(PerturbationReport::sentence)
                .forEach(findings::add);
        findings.add(AnswerBlocks.finding(experiment));
        if (!experiment.tooShort().isEmpty()) {
            findings.add("Left out, because the response has too few tokens for high and low positions: "
                    + String.join(", ", experiment.tooShort()) + ".");
        }
        if (experiment.speed() != null) {
            SharedPrefixSpeed speed = experiment.speed();
            findings.add("With the keys and values of the beginning shared, " + speed.continuations() + " "
                    + "continuations took "
                    + Format.decimal(speed.sharedSeconds(), 1) + " s; without sharing they took "
                    + Format.decimal(speed.aloneSeconds(), 1) + " s: " + Format.decimal(speed.ratio(), 1)
                    + " times as long.");
        }
        if (experiment.comparisons().stream()
                .anyMatch(each -> each.paired().differenceInterval() != null
                        && each.paired().problems() < FEW)) {
            findings.add("With fewer than " + FEW
                    + " problems: the bootstrap intervals in the tables are too narrow; the t intervals account "
                    + "for the number of problems. With n problems the p-value by signs is never below 2 / 2^n.");
        }
        severalLooks().ifPresent(findings::add);
        findings.add("Changed words do not prove changed reasoning. Overlap of words falls with every "
                + "rephrasing, and it falls with position too: the more of the response remains, the more can "
                + "change. The matched controls have about the same entropy and position.");
        return findings;
    }

    private Optional<String> severalLooks() {
        List<Interval> intervals = experiment.comparisons().stream()
                .flatMap(each -> Stream.concat(Stream.of(each.paired()), Stream.ofNullable(each.changedAnswers())))
                .flatMap(paired -> Stream.ofNullable(paired.tInterval()))
                .toList();
        boolean answers = experiment.comparisons().stream().anyMatch(each -> each.changedAnswers() != null);
        long found = intervals.stream().filter(each -> !each.contains(0)).count();
        return intervals.isEmpty()
                ? Optional.empty()
                : Optional.of(Format.several(
                        "The t intervals of " + found + " of " + intervals.size() + " comparisons"
                                + (answers ? ", of overlaps and of changed answers," : "") + " exclude 0",
                        intervals.size()));
    }

    private static String sentence(Comparison comparison) {
        Paired paired = comparison.paired();
        Interval interval = paired.tInterval();
        return String.format(
                Locale.ROOT,
                "%s (to the %s): mean overlap %.3f against %.3f, difference %+.3f (%s, p %s); lower in %s of %d problems.",
                Format.capitalized(comparison.label()),
                comparison.horizon() == PerturbationSettings.END ? "end" : comparison.horizon() + "th token",
                paired.first(),
                paired.second(),
                paired.difference(),
                interval == null ? "no interval" : "95% t interval " + signed(interval),
                Format.pValue(paired.pValue()),
                Format.percent(paired.lower()),
                paired.problems());
    }

    private static String signed(@Nullable Interval interval) {
        return interval == null
                ? Format.NONE
                : Format.interval(Format.signed(interval.low(), 3), Format.signed(interval.high(), 3));
    }

    private List<Block> paperTable() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Comparison comparison : experiment.comparisons()) {
            if (comparison.inTable1()) {
                List<Cell> row = new ArrayList<>();
                row.add(Cell.of(PerturbationSettings.label(comparison.horizon())));
                row.addAll(cells(comparison.paired()));
                row.add(Cell.of(Format.decimal(PAPER_TOP, 3)));
                row.add(Cell.of(Format.decimal(PAPER_BOTTOM, 3)));
                row.add(Cell.of(Format.percent(PAPER_LOWER)));
                rows.add(row);
            }
        }
        return List.of(new Block.Table(
                "Mean Jaccard overlap of the " + settings.words().label()
                        + " after the position, averaged over problems; the paper averages over its horizons.",
                head(List.of("horizon"), List.of("paper: high", "low", "lower in")),
                rows));
    }

    static List<String> head(List<String> before, List<String> after) {
        List<String> head = new ArrayList<>(before);
        head.addAll(List.of(
                "first", "second", "difference", "95% t", "95% bootstrap", "p", "first lower in", "95% interval"));
        head.addAll(after);
        return head;
    }

    static List<Cell> cells(Paired paired) {
        Interval lower = paired.lowerInterval();
        return List.of(
                new Cell(Format.decimal(paired.first(), 3), "#problems"),
                new Cell(Format.decimal(paired.second(), 3), "#problems"),
                Cell.of(Format.signed(paired.difference(), 3)),
                Cell.of(signed(paired.tInterval())),
                Cell.of(signed(paired.differenceInterval())),
                Cell.of(Format.pValue(paired.pValue())),
                Cell.of(Format.percent(paired.lower())),
                Cell.of(Format.interval(Format.percent(lower.low()), Format.percent(lower.high()))));
    }

    private List<Block> comparisons() {
        List<List<Cell>> rows = new ArrayList<>();
        List<IntervalChart.Row> bars = new ArrayList<>();
        String heading = "";
        for (Comparison comparison : experiment.comparisons()) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(comparison.label()));
            row.add(Cell.of(PerturbationSettings.label(comparison.horizon())));
            row.addAll(cells(comparison.paired()));
            rows.add(row);
            if (!comparison.label().equals(heading)) {
                heading = comparison.label();
                bars.add(IntervalChart.Row.heading(heading));
            }
            Interval interval = comparison.paired().tInterval();
            bars.add(new IntervalChart.Row(
                    "to " + PerturbationSettings.label(comparison.horizon()),
                    comparison.paired().difference(),
                    interval == null ? Double.NaN : interval.low(),
                    interval == null ? Double.NaN : interval.high(),
                    comparison.inTable1() && comparison.horizon() == settings.furthest()
                            ? PAPER_TOP - PAPER_BOTTOM
                            : Double.NaN));
        }
        return List.of(
                new Block.Text("Matched: for each high-FAI position, the position with at most median FAI that is "
                        + "nearest in entropy and position. If only early and uncertain tokens mattered, high-FAI "
                        + "and matched positions would not differ."),
                new Block.Figure(
                        "differences",
                        "Difference of the mean overlap with its t interval, by comparison and horizon",
                        IntervalChart.of(
                                "Difference of the mean overlap (below 0: more change on the first side)",
                                "difference",
                                0.0,
                                bars)),
                new Block.Table(
                        "Paired over problems; p by sign flips, two-sided.",
                        head(List.of("first against second", "horizon"), List.of()),
                        rows));
    }

    private List<Block> problems() {
        int furthest = settings.horizons().size() - 1;
        List<String> head = new ArrayList<>(List.of("problem", "tokens"));
        settings.criteria().forEach(criterion -> head.add(criterion.label()));
        List<List<Cell>> rows = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        for (PerturbedProblem problem : experiment.problems()) {
            List<Cell> row = new ArrayList<>();
            row.add(new Cell(problem.id(), run + "/report.html#trace=" + problem.trace()));
            row.add(Cell.of(Format.count(problem.tokens())));
            settings.criteria()
                    .forEach(criterion -> row.add(new Cell(
                            Format.decimal(problem.mean(criterion, furthest), 3), "#problem-" + problem.trace())));
            rows.add(row);
        }
        blocks.add(new Block.Fold(
                "problems",
                "Mean overlap of each problem to the " + PerturbationSettings.label(settings.furthest()),
                List.of(new Block.Table("", head, rows))));
        experiment
                .problems()
                .forEach(problem -> blocks.add(new Block.Fold(
                        "problem-" + problem.trace(),
                        "Positions of " + problem.id(),
                        List.of(positions(problem, furthest)))));
        return blocks;
    }

    private Block.Table positions(PerturbedProblem problem, int horizon) {
        List<List<Cell>> rows = new ArrayList<>();
        for (PerturbedProblem.Position position : problem.positions()) {
            rows.add(List.of(
                    new Cell(
                            String.valueOf(position.position()),
                            run + "/report.html#trace=" + problem.trace() + "&token=" + position.position()
                                    + "&by=fai"),
                    Cell.of(Examples.visible(position.token())),
                    Cell.of(criteria(problem, position.position())),
                    Cell.of(Format.decimal(position.fai(), 5)),
                    Cell.of(Format.decimal(position.waad(), 2)),
                    Cell.of(Format.decimal(position.entropyNats(), 3)),
                    Cell.of(position.alternatives().stream()
                            .map(each ->
                                    Examples.visible(each.token()) + " " + Format.decimal(each.jaccard()[horizon], 2)
                                            + (Boolean.TRUE.equals(each.answerChanged()) ? " (another answer)" : ""))
                            .collect(Collectors.joining(", ")))));
        }
        return new Block.Table(
                "", List.of("position", "token", "chosen by", "FAI", "WAAD", "entropy", "alternatives, overlap"), rows);
    }

    private String criteria(PerturbedProblem problem, int position) {
        return settings.criteria().stream()
                .filter(criterion -> IntStream.of(problem.chosen().getOrDefault(criterion, new int[0]))
                        .anyMatch(each -> each == position))
                .map(Criterion::label)
                .collect(Collectors.joining(", "));
    }
}
