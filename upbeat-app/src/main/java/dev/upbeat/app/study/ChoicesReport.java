package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.choices.ChoicesExperiment;
import dev.upbeat.study.choices.ReadingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code study.md} and {@code report.html} of the study of credit choices. */
public final class ChoicesReport {
    private static final int FEW = 10;

    private ChoicesReport() {}

    /** @param data name of the traces */
    public static StudyReport of(
            ChoicesExperiment experiment, String data, String command, Map<String, String> provenance) {
        return new StudyReport(
                "Credit choices: " + data,
                command,
                findings(experiment),
                List.of(new StudyReport.Section("Readings", List.of(table(experiment)))),
                provenance);
    }

    private static List<String> findings(ChoicesExperiment experiment) {
        List<String> findings = new ArrayList<>();
        if (experiment.coupledShare() == null) {
            findings.add("No token has FAI, so there are no anchors and every reading has the weight 1 everywhere. The"
                    + " responses are too short for the horizon that they were measured with; measure them with another"
                    + " one (./upbeat analyze --horizon 1:end).");
            return findings;
        }
        experiment.readings().stream()
                .max((a, b) -> Double.compare(a.changedShare(), b.changedShare()))
                .ifPresent(most -> findings.add("Of " + Format.count(experiment.tokens()) + " tokens of "
                        + Format.count(experiment.responses())
                        + (experiment.responses() == 1 ? " response, " : " responses, ")
                        + Format.percent(most.changedShare()) + " change their weight most widely, with "
                        + most.reading() + "."));
        ReadingResult published =
                experiment.readings().get(experiment.readings().size() - 1);
        findings.add("Public re-implementations of the paper read it as " + published.reading() + ": "
                + Format.percent(published.changedShare()) + " of the tokens have another weight than by default, by "
                + Format.decimal(published.meanChange(), 3) + " on average.");
        if (experiment.responses() < FEW) {
            findings.add(
                    experiment.responses() == 1
                            ? "One response gives no intervals."
                            : "Intervals over only " + experiment.responses() + " responses are too narrow.");
        }
        findings.add("The table says how much the weights differ, not which reading trains better.");
        return findings;
    }

    private static Block table(ChoicesExperiment experiment) {
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(row(
                "default",
                "",
                "",
                "",
                Format.decimal(experiment.meanGamma(), 3),
                Format.percent(experiment.coupledShare())));
        for (ReadingResult result : experiment.readings()) {
            rows.add(row(
                    result.reading(),
                    Format.percent(result.changedShare()),
                    interval(result.interval()),
                    Format.decimal(result.meanChange(), 3),
                    Format.decimal(result.meanGamma(), 3),
                    Format.percent(result.coupledShare())));
        }
        return new Block.Table(
                "Weights of coupled-rhythm under other readings of Eq. 18 and 19. Interval: 95 %, over responses.",
                List.of(
                        "reading",
                        "tokens with another weight",
                        "interval",
                        "mean change of gamma",
                        "mean gamma",
                        "coupled anchors"),
                rows);
    }

    private static List<Cell> row(String... texts) {
        return List.of(texts).stream().map(Cell::of).toList();
    }

    private static String interval(@Nullable Interval interval) {
        return interval == null
                ? Format.NONE
                : Format.interval(Format.percent(interval.low()), Format.percent(interval.high()));
    }
}
