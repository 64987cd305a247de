package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.linkage.LinkageCell;
import dev.upbeat.study.linkage.RankCorrelation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rank correlations with entropy, in one table. */
final class CorrelationBlocks {
    private CorrelationBlocks() {}

    /** @param responses names the responses of a cell */
    static List<Block> of(List<LinkageCell> cells, Function<LinkageCell, String> responses) {
        List<List<Cell>> rows = new ArrayList<>();
        for (LinkageCell cell : cells) {
            for (RankCorrelation each : cell.correlations()) {
                Interval interval = each.interval();
                rows.add(List.of(
                        Cell.of("rank correlation of " + each.metric().label() + " and entropy"),
                        Cell.of(responses.apply(cell)),
                        Cell.of(LinkageCell.label(cell.source().alignment())),
                        Cell.of(each.withinThirds() ? "within thirds" : "whole response"),
                        Cell.of(Format.count(each.responses())),
                        Cell.of(Format.signed(each.rho(), 3)),
                        Cell.of(
                                interval == null
                                        ? Format.NONE
                                        : Format.interval(
                                                Format.signed(interval.low(), 3), Format.signed(interval.high(), 3))),
                        Cell.of(Format.pValue(each.pValue()))));
            }
        }
        return List.of(
                new Block.Text(
                        "An addition to the paper, which measures peaks only: Spearman's rho over the tokens of a "
                                + "response, averaged over responses. Within thirds: the average rho of the three "
                                + "thirds, which removes the effect of position between thirds."),
                new Block.Table(
                        "All layers; p by shuffling entropy within each response or third, two-sided.",
                        List.of("correlation", "responses", "alignment", "over", "n", "rho", "95% interval", "p"),
                        rows));
    }
}
