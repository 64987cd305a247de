package dev.upbeat.study.linkage;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageRow;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.OverlapTestResult;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.store.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The content of a linkage study's study.json: one row per statistic, and the responses behind them.
 *
 * @param study linkage
 * @param command the command line
 * @param settings of the statistics
 * @param runs provenance of each run, by its directory
 */
public record LinkageStudyFile(
        String study,
        String command,
        LinkageSettings settings,
        Map<String, Provenance> runs,
        List<Statistic> linkages,
        List<Overlap> overlaps,
        List<ResponseOverlap> responseOverlaps,
        List<Correlation> correlations,
        List<Row> rows) {

    /** The responses behind a statistic, and how they were measured. */
    public record Of(String model, String data, String run, String layers, String alignment) {}

    /** @param where whole, within_thirds (the baseline), first_third, middle_third or last_third */
    public record Statistic(Of of, String where, Result result) {}

    /** A linkage; the numbers of its test are fields of the same JSON object. */
    public record Result(
            LinkageKind kind,
            TokenScope scope,
            @JsonUnwrapped PeakTestResult test) {}

    /** A pair of the overlap table. */
    public record Overlap(Of of, OverlapTestResult result) {}

    /** A pair of one response's overlap table, over all tokens. */
    public record ResponseOverlap(Of of, String id, PeakOverlap overlap) {}

    /** A rank correlation with entropy. */
    public record Correlation(Of of, RankCorrelation result) {}

    /** One response's contribution to a linkage over all tokens. */
    public record Row(Of of, LinkageKind kind, String id, LinkageRow row) {}

    static LinkageStudyFile of(
            List<LinkageCell> cells, LinkageSettings settings, String command, Map<String, Provenance> runs) {
        List<Statistic> statistics = new ArrayList<>();
        List<Overlap> overlaps = new ArrayList<>();
        List<ResponseOverlap> responseOverlaps = new ArrayList<>();
        List<Correlation> correlations = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (LinkageCell cell : cells) {
            LinkageSource source = cell.source();
            Of of = new Of(
                    source.model(),
                    source.data(),
                    source.run(),
                    source.layers(),
                    LinkageCell.label(source.alignment()));
            cell.results()
                    .forEach((way, results) -> results.forEach(result -> statistics.add(new Statistic(
                            of,
                            way.name().toLowerCase(Locale.ROOT),
                            new Result(result.kind(), result.scope(), result.test())))));
            for (TokenScope scope : TokenScope.values()) {
                cell.overlaps().getOrDefault(scope, List.of()).forEach(test -> overlaps.add(new Overlap(of, test)));
            }
            for (int r = 0; r < cell.responseOverlaps().size(); r++) {
                String id = source.ids().get(r);
                cell.responseOverlaps().get(r).forEach(each -> responseOverlaps.add(new ResponseOverlap(of, id, each)));
            }
            cell.correlations().forEach(each -> correlations.add(new Correlation(of, each)));
            cell.rows()
                    .forEach((kind, some) -> some.forEach(
                            row -> rows.add(new Row(of, kind, source.ids().get(row.response()), row))));
        }
        return new LinkageStudyFile(
                "linkage", command, settings, runs, statistics, overlaps, responseOverlaps, correlations, rows);
    }
}
