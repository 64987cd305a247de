package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.study.linkage.LinkageCell;
import dev.upbeat.study.linkage.LinkageCell.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Linkages over other tokens and against other shuffles: a table for each linkage. */
final class ConfounderBlocks {
    private ConfounderBlocks() {}

    /** @param responses names the responses of a cell */
    static List<Block> of(List<LinkageCell> cells, LinkageSettings settings, Function<LinkageCell, String> responses) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Text("Each row measures the same linkage over other tokens or against other shuffles. "
                + "Punctuation attracts attention whatever it means. Early tokens are more uncertain and "
                + "are seen by more rows, so position alone can correlate two metrics. The FAI of the last "
                + settings.tail()
                + " tokens averages few rows."));
        for (LinkageKind kind : LinkageKind.values()) {
            List<List<Cell>> rows = new ArrayList<>();
            for (LinkageCell cell : cells) {
                for (Way way : Way.values()) {
                    for (TokenScope scope : TokenScope.values()) {
                        cell.result(way, kind, scope)
                                .ifPresent(result -> rows.add(row(responses.apply(cell), cell, way, result)));
                    }
                }
            }
            blocks.add(new Block.Table(
                    LinkageReport.label(kind),
                    List.of(
                            "responses",
                            "alignment",
                            "where",
                            "tokens",
                            "random",
                            "over all",
                            "observed",
                            "lift",
                            "95% interval",
                            "p",
                            "peaks"),
                    rows));
        }
        return blocks;
    }

    private static List<Cell> row(String responses, LinkageCell cell, Way way, LinkageResult result) {
        PeakTestResult test = result.test();
        return List.of(
                Cell.of(responses),
                Cell.of(LinkageReport.alignment(cell)),
                Cell.of(way.label()),
                Cell.of(LinkageReport.label(result.scope())),
                Cell.of(LinkageReport.score(result.kind(), test.chance())),
                Cell.of(LinkageReport.score(result.kind(), test.pooled())),
                Cell.of(LinkageReport.score(result.kind(), test.observed())),
                Cell.of(Format.signedPercent(test.lift())),
                Cell.of(LinkageReport.interval(test.liftInterval())),
                Cell.of(Format.pValue(test.pValue())),
                Cell.of(Format.count(test.peaks())));
    }
}
