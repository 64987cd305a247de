package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.linkage.Metric;
import dev.upbeat.linkage.OverlapTestResult;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.study.linkage.LinkageCell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Table 20: share of one series' peaks with a peak of another at or next to them, for the paper's six pairs. */
final class OverlapBlocks {
    private static final List<String> HEAD = List.of(
            "first",
            "second",
            "peaks",
            "same",
            "previous",
            "next",
            "within one",
            "random",
            "lift",
            "95% interval",
            "p",
            "paper: same",
            "previous",
            "next");

    private static final List<String> HEAD_OF_A_RESPONSE = List.of(
            "first", "second", "peaks", "same", "share", "previous", "share", "next", "share", "within one", "random");

    /** Responses with a table on the page; study.json has all. The paper shows eight. */
    private static final int RESPONSES_SHOWN = 16;

    private OverlapBlocks() {}

    /** @param responses names the responses of a cell */
    static List<Block> of(List<LinkageCell> cells, Function<LinkageCell, String> responses) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Text(
                "Share of the first series' peaks with a peak of the second series at the same, the previous or "
                        + "the next position. Random: the first series' peaks shuffled within their response, "
                        + "with no two adjacent. The paper's counts are summed over its eight examples; the paper "
                        + "gives no chance level."));
        for (LinkageCell cell : cells) {
            cell.overlaps()
                    .forEach((scope, tests) -> blocks.add(new Block.Table(
                            responses.apply(cell) + ", "
                                    + LinkageCell.label(cell.source().alignment()) + " alignment, "
                                    + (scope == TokenScope.ALL_TOKENS ? "all tokens" : LinkageReport.label(scope)),
                            HEAD,
                            rows(tests))));
            if (!cell.responseOverlaps().isEmpty()) {
                blocks.add(ofEachResponse(cell, responses.apply(cell)));
            }
        }
        return blocks;
    }

    private static Block ofEachResponse(LinkageCell cell, String name) {
        int all = cell.responseOverlaps().size();
        int shown = Math.min(all, RESPONSES_SHOWN);
        List<Block> tables = new ArrayList<>();
        for (int r = 0; r < shown; r++) {
            tables.add(new Block.Table(
                    cell.source().ids().get(r),
                    HEAD_OF_A_RESPONSE,
                    rowsOfAResponse(
                            cell.responseOverlaps().get(r), cell.source().run() + "/report.html#trace=" + r)));
        }
        return new Block.Fold(
                LinkageReport.place(cell, "overlaps"),
                (all > shown ? "The first " + shown + " of " + all + " responses, one table each: " : "Each response: ")
                        + name + ", " + LinkageReport.alignment(cell) + " alignment, all tokens",
                tables);
    }

    private static List<List<Cell>> rowsOfAResponse(List<PeakOverlap> overlaps, String page) {
        List<List<Cell>> rows = new ArrayList<>();
        for (PaperLinkages.Overlap pair : PaperLinkages.overlaps()) {
            overlaps.stream()
                    .filter(overlap -> overlap.first() == pair.first() && overlap.second() == pair.second())
                    .forEach(overlap -> rows.add(List.of(
                            new Cell(label(overlap.first()), page),
                            Cell.of(label(overlap.second())),
                            Cell.of(Format.count(overlap.peaks())),
                            Cell.of(Format.count(overlap.same())),
                            Cell.of(share(overlap.same(), overlap.peaks())),
                            Cell.of(Format.count(overlap.previous())),
                            Cell.of(share(overlap.previous(), overlap.peaks())),
                            Cell.of(Format.count(overlap.next())),
                            Cell.of(share(overlap.next(), overlap.peaks())),
                            Cell.of(Format.percent(overlap.share())),
                            Cell.of(Format.percent(overlap.chance())))));
        }
        return rows;
    }

    private static List<List<Cell>> rows(List<OverlapTestResult> tests) {
        List<List<Cell>> rows = new ArrayList<>();
        for (PaperLinkages.Overlap paper : PaperLinkages.overlaps()) {
            tests.stream()
                    .filter(test -> test.overlap().first() == paper.first()
                            && test.overlap().second() == paper.second())
                    .forEach(test -> rows.add(row(test, paper)));
        }
        return rows;
    }

    private static List<Cell> row(OverlapTestResult measured, PaperLinkages.Overlap paper) {
        PeakOverlap overlap = measured.overlap();
        PeakTestResult test = measured.test();
        return List.of(
                Cell.of(label(overlap.first())),
                Cell.of(label(overlap.second())),
                Cell.of(Format.count(overlap.peaks())),
                Cell.of(share(overlap.same(), overlap.peaks())),
                Cell.of(share(overlap.previous(), overlap.peaks())),
                Cell.of(share(overlap.next(), overlap.peaks())),
                Cell.of(Format.percent(test.observed())),
                Cell.of(Format.percent(test.chance())),
                Cell.of(Format.signedPercent(test.lift())),
                Cell.of(LinkageReport.interval(test.liftInterval())),
                Cell.of(Format.pValue(test.pValue())),
                Cell.of(share(paper.same(), paper.peaks())),
                Cell.of(share(paper.previous(), paper.peaks())),
                Cell.of(share(paper.next(), paper.peaks())));
    }

    private static String label(Metric metric) {
        return metric == Metric.GLOBAL_FAI ? "global FAI" : metric.label();
    }

    private static String share(int count, int of) {
        return Format.percent((double) count / of);
    }
}
