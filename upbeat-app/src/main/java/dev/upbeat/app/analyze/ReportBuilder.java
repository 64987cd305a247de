package dev.upbeat.app.analyze;

import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportRow;
import dev.upbeat.app.report.RunReport;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.ChunkStatistics;
import dev.upbeat.linkage.Linkage;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.LinkageStudy;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads run directories and computes the content of their report: peaks, linkages, provenance. */
public final class ReportBuilder {
    /** Most traces on a page; the statistics are over all traces. */
    private static final int MOST_TRACES = 200;

    private ReportBuilder() {}

    /**
     * @param data the report
     * @param study the linkages behind it, over all traces of the run
     * @param beat chunks and couplings of all traces of the run; null without traces
     */
    public record Built(
            ReportData data, LinkageStudy study, @Nullable ChunkStatistics beat) {}

    /** The report of one run. */
    public static Built build(RunDirectory run) {
        Part part = part(run, run.provenance().model().name(), Set.of(), 1);
        return new Built(new ReportData(List.of(part.report())), part.study(), part.beat());
    }

    /**
     * The report of several runs side by side, named after their directories. In the later runs, traces that the first
     * run shows come before others.
     */
    public static ReportData sideBySide(List<RunDirectory> runs) {
        List<String> names = shortNames(runs.stream().map(RunDirectory::path).toList());
        List<RunReport> reports = new ArrayList<>();
        Set<String> shown = Set.of();
        for (int i = 0; i < runs.size(); i++) {
            RunReport report =
                    part(runs.get(i), names.get(i), shown, runs.size()).report();
            reports.add(report);
            if (i == 0) {
                shown = report.rows().stream().map(row -> row.trace().id()).collect(Collectors.toSet());
            }
        }
        return new ReportData(reports);
    }

    /**
     * The report of some traces of a run without linkages, which is quick: for a page that follows the run.
     *
     * @param step whose traces; negative for a run that is no training
     * @param limit most traces
     */
    public static RunReport traces(RunDirectory run, String name, long step, int limit) {
        List<ReportRow> rows = new ArrayList<>();
        Consumer<RunRow> add = row -> {
            if (rows.size() < limit) {
                rows.add(row(row, List.of()));
            }
        };
        if (step < 0) {
            run.forEachTrace(add);
        } else {
            run.forEachTrace(step, add);
        }
        Provenance from = run.provenance();
        return new RunReport(
                name,
                from.model().name(),
                dataName(run),
                settings(run, rows.size(), rows.size()),
                provenance(from),
                run.heads(),
                null,
                rows,
                List.of(),
                List.of(),
                List.of());
    }

    private record Part(
            RunReport report, LinkageStudy study, @Nullable ChunkStatistics beat) {}

    /**
     * @param wanted ids of the traces to be shown before others
     * @param runs number of runs that share the page
     */
    private static Part part(RunDirectory run, String name, Set<String> wanted, int runs) {
        ShownRows shown = new ShownRows(MOST_TRACES / runs, wanted, run.traceSteps());
        HeadBudget heads = new HeadBudget(run::headSeries, HeadBudget.PAGE_BYTES / runs);
        List<TokenSeries> series = new ArrayList<>();
        run.forEachTrace(row -> {
            series.add(TokenSeries.of(row.seen(), row.trace().tokens()));
            shown.offer(row);
        });
        LinkageSettings settings =
                LinkageSettings.DEFAULT.withSeed(run.provenance().seed());
        LinkageStudy study = Linkage.study(series, settings);
        ChunkStatistics beat = series.isEmpty() ? null : ChunkStatistics.of(series, settings);
        List<ReportRow> rows = shown.rows().stream()
                .map(row -> row(row, heads.next(row.trace().id())))
                .toList();
        Provenance from = run.provenance();
        RunReport report = new RunReport(
                name,
                from.model().name(),
                dataName(run),
                settings(run, rows.size(), series.size()),
                provenance(from),
                run.heads(),
                run.metrics(),
                rows,
                study.linkages(),
                study.overlaps().stream()
                        .filter(overlap -> overlap.scope() == TokenScope.ALL_TOKENS)
                        .toList(),
                beat == null ? List.of() : beat.texts());
        return new Part(report, study, beat);
    }

    /** Name of the data: the file's, else that of a training's task, else "text" for a question on the command line. */
    private static String dataName(RunDirectory run) {
        if (run.provenance().data() != null) {
            return run.provenance().data().name();
        }
        return run.config().get("task") instanceof Map<?, ?> task && task.get("name") != null
                ? String.valueOf(task.get("name"))
                : "text";
    }

    /**
     * A trace of a report with its peaks.
     *
     * @param heads series of every head; empty if they are not shown
     */
    public static ReportRow row(RunRow row, List<HeadRhythm> heads) {
        Observation seen = row.seen();
        double share = Peaks.DEFAULT_SHARE;
        float[] strength = Anchors.strength(seen.fai());
        int[] anchors = Peaks.of(strength, share);
        return new ReportRow(
                row.trace(),
                seen,
                row.promptTokens(),
                row.place(),
                heads,
                new ReportRow.PeakPositions(
                        Peaks.of(seen.waad(), share),
                        Peaks.of(seen.fai(), share),
                        seen.receiverFai() == null ? new int[0] : Peaks.of(seen.receiverFai(), share),
                        Peaks.of(seen.entropyNats(), share),
                        anchors,
                        at(strength, anchors)));
    }

    private static float[] at(float[] values, int[] positions) {
        float[] chosen = new float[positions.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = values[positions[i]];
        }
        return chosen;
    }

    private static Map<String, String> settings(RunDirectory run, int shown, int traces) {
        Map<String, String> settings = new LinkedHashMap<>();
        put(settings, "", run.config());
        if (traces > shown) {
            settings.put("shown", shown + " of " + traces + " traces; the summary is over all");
        }
        return settings;
    }

    /** Adds the keys of a section and its subsections, by their paths: learn.steps. */
    private static void put(Map<String, String> settings, String prefix, Map<?, ?> section) {
        section.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                put(settings, prefix + key + ".", inner);
            } else {
                settings.put(prefix + key, String.valueOf(value));
            }
        });
    }

    /** The origin of a run's numbers, in the order shown. */
    public static Map<String, String> provenance(Provenance from) {
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

    /**
     * Short names of run directories: as many names from the end of their paths as make them differ.
     *
     * @param directories all different
     */
    private static List<String> shortNames(List<Path> directories) {
        List<Path> whole = directories.stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .toList();
        int longest = whole.stream().mapToInt(Path::getNameCount).max().orElseThrow();
        for (int names = 1; names <= longest; names++) {
            int last = names;
            List<String> shortened = whole.stream()
                    .map(path -> path.subpath(Math.max(0, path.getNameCount() - last), path.getNameCount())
                            .toString())
                    .toList();
            if (shortened.stream().distinct().count() == whole.size()) {
                return shortened;
            }
        }
        throw new IllegalArgumentException("a directory is given twice: " + directories);
    }
}
