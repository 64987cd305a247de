package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Format;
import dev.upbeat.linkage.LinkageHeadline;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.LinkageText;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.study.linkage.LinkageCell;
import dev.upbeat.study.linkage.LinkageCell.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The findings of a linkage study, and their limits: the paper's alignment in detail, the other in brief. */
final class LinkageFindings {
    private LinkageFindings() {}

    /** @param responses names a cell's responses */
    static List<String> of(List<LinkageCell> cells, LinkageSettings settings, Function<LinkageCell, String> responses) {
        List<String> findings = new ArrayList<>();
        List<LinkageCell> whole =
                cells.stream().filter(cell -> cell.source().ofAllLayers()).toList();
        for (LinkageCell cell : whole) {
            if (cell.source().alignment() == Alignment.TOKEN) {
                for (LinkageKind kind : LinkageKind.values()) {
                    finding(cell, kind, settings)
                            .ifPresent(finding -> findings.add(responses.apply(cell) + ": " + finding));
                }
            }
        }
        for (LinkageCell cell : whole) {
            if (cell.source().alignment() != Alignment.TOKEN) {
                findings.add(responses.apply(cell) + " by row t - 1, which predicts token t (predictor alignment): "
                        + Stream.of(LinkageKind.values())
                                .map(kind -> LinkageReport.label(kind) + " "
                                        + shortly(cell.result(Way.WHOLE, kind, TokenScope.ALL_TOKENS)))
                                .collect(Collectors.joining(", "))
                        + ".");
            }
        }
        findings.add(severalLooks(cells));
        findings.add("These results do not show that peaks of either kind cause anything. The p-values compare with "
                + "peaks placed at random in a response, which the tokens of a text are not; the "
                + "intervals are over responses and show how precisely the lift is known.");
        return findings;
    }

    private static String severalLooks(List<LinkageCell> cells) {
        double[] p = cells.stream().flatMapToDouble(LinkageCell::pValues).toArray();
        long found = DoubleStream.of(p).filter(each -> each <= 0.05).count();
        return Format.several(found + " of the " + p.length + " p-values in study.json are at most 0.05", p.length);
    }

    /** Lines: headline, numbers over all tokens, controls, thirds; empty if there is no result over all tokens. */
    private static Optional<String> finding(LinkageCell cell, LinkageKind kind, LinkageSettings settings) {
        List<LinkageResult> results = cell.results(Way.WHOLE, kind);
        return results.isEmpty()
                ? Optional.empty()
                : Optional.of(LinkageHeadline.of(results, settings) + "\n  "
                        + LinkageText.sentence(results.get(0), settings)
                        + LinkageText.controls(results, settings)
                                .map(controls -> "\n  " + controls)
                                .orElse("")
                        + "\n  Against shuffles within thirds: "
                        + shortly(cell.result(Way.WITHIN_THIRDS, kind, TokenScope.ALL_TOKENS)) + ".");
    }

    private static String shortly(Optional<LinkageResult> result) {
        return result.map(LinkageResult::test)
                .map(test -> Format.signedPercent(test.lift()) + " (p " + Format.pValue(test.pValue()) + ")")
                .orElse("not computed");
    }
}
