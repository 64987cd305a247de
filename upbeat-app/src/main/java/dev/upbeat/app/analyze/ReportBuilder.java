package dev.upbeat.app.analyze;

import dev.upbeat.app.report.LinkageFinding;
import dev.upbeat.app.report.OverlapFinding;
import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportRow;
import dev.upbeat.rhythm.Linkage;
import dev.upbeat.rhythm.LinkageKind;
import dev.upbeat.rhythm.LinkageResult;
import dev.upbeat.rhythm.LinkageSettings;
import dev.upbeat.rhythm.LinkageStudy;
import dev.upbeat.rhythm.Peaks;
import dev.upbeat.rhythm.TokenScope;
import dev.upbeat.rhythm.TokenSeries;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.trace.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a run directory and works out what its report shows: peaks, linkages, where the numbers come from. */
public final class ReportBuilder {
    /** A page holds no more traces than one can look through; the statistics are over all of them. */
    private static final int MOST_TRACES = 200;

    private ReportBuilder() {}

    /**
     * @param data the report
     * @param study the linkages behind it, over all traces of the run
     */
    public record Built(ReportData data, LinkageStudy study) {}

    public static Built build(RunDirectory run) {
        List<ReportRow> rows = new ArrayList<>();
        List<TokenSeries> series = new ArrayList<>();
        run.forEachTrace(row -> {
            series.add(TokenSeries.of(row.seen(), row.trace().tokens()));
            if (rows.size() < MOST_TRACES) {
                rows.add(reportRow(row));
            }
        });
        LinkageSettings settings =
                LinkageSettings.DEFAULT.withSeed(run.provenance().seed());
        LinkageStudy study = Linkage.study(series, settings);
        ReportData data = new ReportData(
                run.provenance().model().name(),
                run.provenance().data() == null
                        ? "text"
                        : run.provenance().data().name(),
                settings(run, series.size()),
                provenance(run),
                run.heads(),
                rows,
                findings(study),
                overlaps(study));
        return new Built(data, study);
    }

    private static ReportRow reportRow(RunRow row) {
        Observation seen = row.seen();
        double share = Peaks.DEFAULT_SHARE;
        return new ReportRow(
                row.trace(),
                seen,
                row.promptTokens(),
                new ReportRow.PeakPositions(
                        Peaks.of(seen.waad(), share),
                        Peaks.of(seen.fai(), share),
                        seen.receiverFai() == null ? new int[0] : Peaks.of(seen.receiverFai(), share),
                        Peaks.of(seen.entropyNats(), share)));
    }

    private static Map<String, String> settings(RunDirectory run, int traces) {
        Map<String, String> settings = new LinkedHashMap<>();
        run.config().forEach((key, value) -> settings.put(key, String.valueOf(value)));
        if (traces > MOST_TRACES) {
            settings.put("shown", MOST_TRACES + " of " + traces + " traces; the summary is over all");
        }
        return settings;
    }

    private static Map<String, String> provenance(RunDirectory run) {
        var from = run.provenance();
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("model", from.model().name() + " sha256 " + from.model().sha256());
        if (from.data() != null) {
            shown.put("data", from.data().name() + " sha256 " + from.data().sha256());
        }
        shown.put("seed", String.valueOf(from.seed()));
        shown.put("upbeat", from.upbeat() + " commit " + from.commit());
        shown.put("libtorch", from.libtorch());
        shown.put("jdk", from.jdk());
        shown.put("os", from.os());
        shown.put("cpu", from.cpu());
        shown.put("threads", String.valueOf(from.threads()));
        shown.put("created", from.createdAt());
        return shown;
    }

    private static List<LinkageFinding> findings(LinkageStudy study) {
        List<LinkageFinding> findings = new ArrayList<>();
        for (LinkageKind kind : LinkageKind.values()) {
            List<LinkageFinding.Variant> variants = study.linkages().stream()
                    .filter(result -> result.kind() == kind)
                    .map(ReportBuilder::variant)
                    .toList();
            if (!variants.isEmpty()) {
                findings.add(new LinkageFinding(LinkageFinding.Kind.values()[kind.ordinal()], variants));
            }
        }
        return findings;
    }

    private static LinkageFinding.Variant variant(LinkageResult result) {
        return new LinkageFinding.Variant(
                label(result.scope()),
                result.observed(),
                result.chance(),
                number(result.lift()),
                result.liftInterval() == null
                        ? Double.NaN
                        : result.liftInterval().low(),
                result.liftInterval() == null
                        ? Double.NaN
                        : result.liftInterval().high(),
                result.pValue(),
                result.peaks(),
                result.tokens());
    }

    private static String label(TokenScope scope) {
        return switch (scope) {
            case ALL_TOKENS -> "all tokens";
            case WITHOUT_PUNCTUATION -> "without punctuation";
            case WITHOUT_TAIL -> "without the last 10";
            case WITHOUT_PUNCTUATION_AND_TAIL -> "without punctuation and the last 10";
        };
    }

    private static double number(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static List<OverlapFinding> overlaps(LinkageStudy study) {
        return study.overlaps().stream()
                .filter(overlap -> overlap.scope() == TokenScope.ALL_TOKENS)
                .map(overlap -> new OverlapFinding(
                        overlap.first().label(),
                        overlap.second().label(),
                        overlap.same() + overlap.previous() + overlap.next(),
                        overlap.peaks(),
                        number(overlap.chance())))
                .toList();
    }
}
