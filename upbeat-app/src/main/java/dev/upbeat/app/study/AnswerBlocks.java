package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.perturbation.Comparison;
import dev.upbeat.study.perturbation.Paired;
import dev.upbeat.study.perturbation.PerturbationExperiment;
import dev.upbeat.study.perturbation.PerturbedProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Share of the alternatives that change the final answer (section 4.1), compared as the overlap is. */
final class AnswerBlocks {
    private AnswerBlocks() {}

    static List<Block> of(PerturbationExperiment experiment) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Comparison comparison : experiment.comparisons()) {
            Paired changed = comparison.changedAnswers();
            if (changed != null) {
                List<Cell> row = new ArrayList<>();
                row.add(Cell.of(comparison.label()));
                row.addAll(PerturbationReport.cells(changed));
                rows.add(row);
            }
        }
        return rows.isEmpty()
                ? List.of(new Block.Text(finding(experiment)))
                : List.of(
                        new Block.Text(counts(experiment.problems())),
                        new Block.Table(
                                "Share of the alternatives that change the final answer, averaged over problems. Paired over"
                                        + " problems; p by sign flips, two-sided.",
                                PerturbationReport.head(List.of("first against second"), List.of()),
                                rows));
    }

    /** One finding: each comparison on a line, or the reason that there is none. */
    static String finding(PerturbationExperiment experiment) {
        List<String> lines = experiment.comparisons().stream()
                .filter(comparison -> comparison.changedAnswers() != null)
                .map(comparison -> line(comparison.label(), Objects.requireNonNull(comparison.changedAnswers())))
                .toList();
        if (!lines.isEmpty()) {
            return "Changed answers: " + counts(experiment.problems())
                    + lines.stream().collect(Collectors.joining("\n  ", "\n  ", ""));
        }
        return experiment.answersCompared()
                ? "Changed answers are not computed: no response has a final answer. Raise --max-new-tokens, or ask for"
                        + " one by --prompt boxed."
                : "Changed answers are not computed: give --task NAME, whose verifier finds final answers, and the horizon"
                        + " end.";
    }

    private static String line(String label, Paired changed) {
        Interval interval = changed.tInterval();
        return String.format(
                Locale.ROOT,
                "%s: %s of the alternatives against %s, difference %s points (%s, p %s); %d problems.",
                label,
                Format.percent(changed.first()),
                Format.percent(changed.second()),
                Format.signed(100 * changed.difference(), 1),
                interval == null
                        ? "no interval"
                        : "95% t interval "
                                + Format.interval(
                                        Format.signed(100 * interval.low(), 1),
                                        Format.signed(100 * interval.high(), 1)),
                Format.pValue(changed.pValue()),
                changed.problems());
    }

    private static String counts(List<PerturbedProblem> problems) {
        long answered =
                problems.stream().filter(problem -> problem.answer() != null).count();
        List<PerturbedProblem.Alternative> alternatives = problems.stream()
                .filter(problem -> problem.answer() != null)
                .flatMap(problem -> problem.positions().stream())
                .flatMap(position -> position.alternatives().stream())
                .toList();
        long cut = alternatives.stream()
                .filter(alternative -> alternative.answerChanged() == null)
                .count();
        return answered + " of " + problems.size() + " responses have a final answer; " + cut + " of their "
                + alternatives.size() + " alternatives were cut off before one and do not count.";
    }
}
