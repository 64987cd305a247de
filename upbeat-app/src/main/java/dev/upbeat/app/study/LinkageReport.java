package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Block.Cell;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.app.study.output.IntervalChart;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.linkage.LinkageCell;
import dev.upbeat.study.linkage.LinkageCell.Way;
import dev.upbeat.study.linkage.LinkageExperiment;
import dev.upbeat.study.linkage.LinkageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report of the linkage study: findings, tables and a chart. */
public final class LinkageReport {
    private static final List<String> HEAD = List.of(
            "linkage",
            "responses",
            "alignment",
            "random",
            "over all",
            "observed",
            "lift",
            "95% interval",
            "p",
            "peaks",
            "paper: random",
            "observed",
            "lift",
            "of");

    private final List<LinkageCell> cells;
    private final LinkageSettings settings;
    private final boolean severalModels;

    private LinkageReport(LinkageExperiment experiment) {
        this.cells = experiment.cells();
        this.settings = experiment.settings();
        this.severalModels =
                cells.stream().map(cell -> cell.source().model()).distinct().count() > 1;
    }

    /** Name of a cell's responses: the data, with the model if there are several. */
    private String responses(LinkageCell cell) {
        LinkageSource source = cell.source();
        return severalModels ? source.model() + " \u00b7 " + source.data() : source.data();
    }

    /** @param provenance origin of the numbers, in the order shown */
    public static StudyReport of(LinkageExperiment experiment, String command, Map<String, String> provenance) {
        return new LinkageReport(experiment).report(command, provenance);
    }

    private StudyReport report(String command, Map<String, String> provenance) {
        List<StudyReport.Section> sections = new ArrayList<>();
        List<LinkageCell> whole =
                cells.stream().filter(cell -> cell.source().ofAllLayers()).toList();
        sections.add(new StudyReport.Section("Linkages (Tables 2, 11, 12)", linkages(whole)));
        sections.add(new StudyReport.Section(
                "Confounders: punctuation, position and the last " + "tokens",
                ConfounderBlocks.of(whole, settings, this::responses)));
        if (whole.size() < cells.size()) {
            sections.add(new StudyReport.Section("By layers (Table 10)", layers()));
        }
        sections.add(new StudyReport.Section(
                "Rank correlation with entropy (beyond the paper)", CorrelationBlocks.of(whole, this::responses)));
        sections.add(new StudyReport.Section("Overlap of peaks (Table 20)", OverlapBlocks.of(whole, this::responses)));
        sections.add(new StudyReport.Section("Results per response", rows(whole)));
        return new StudyReport(
                "Linkage study: " + models(),
                command,
                LinkageFindings.of(cells, settings, this::responses),
                sections,
                provenance);
    }

    private String models() {
        return cells.stream().map(cell -> cell.source().model()).distinct().collect(Collectors.joining(", "));
    }

    private List<Block> linkages(List<LinkageCell> whole) {
        List<List<Cell>> rows = new ArrayList<>();
        for (LinkageKind kind : LinkageKind.values()) {
            for (LinkageCell cell : whole) {
                cell.result(Way.WHOLE, kind, TokenScope.ALL_TOKENS).ifPresent(result -> rows.add(row(cell, result)));
            }
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Table(
                "All layers and all tokens. Observed: mean at the peaks, entropy in nats. Random: the mean under shuffles of the"
                        + " peaks within their response, which lift, interval and p compare with. Over all: the mean of all"
                        + " tokens, pooled over the responses, which the paper's random is for the first two linkages. The"
                        + " paper's values are on the right.",
                HEAD,
                rows));
        whole.stream()
                .map(cell -> PaperLinkages.of(cell.source()))
                .flatMap(paper -> Stream.of(LinkageKind.values()).flatMap(kind -> paper.note(kind).stream()))
                .distinct()
                .forEach(note -> blocks.add(new Block.Text(note)));
        tooNarrow().ifPresent(blocks::add);
        blocks.add(new Block.Figure(
                "lifts", "Lift of each linkage with its interval, by responses, alignment and tokens", chart(whole)));
        return blocks;
    }

    /** A note on intervals of few responses, which are too narrow. */
    private Optional<Block> tooNarrow() {
        String few = cells.stream()
                .filter(cell -> cell.results().values().stream()
                        .flatMap(List::stream)
                        .anyMatch(result -> result.test().intervalsTooNarrow()))
                .map(cell ->
                        responses(cell) + " has only " + cell.source().series().size())
                .distinct()
                .collect(Collectors.joining("; "));
        return few.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Text("Bootstrap intervals over few responses are too narrow: " + few + "."));
    }

    private List<Cell> row(LinkageCell cell, LinkageResult result) {
        LinkageKind kind = result.kind();
        PeakTestResult test = result.test();
        PaperLinkages.Column paper = PaperLinkages.of(cell.source());
        PaperLinkages.Value value = paper.of(kind);
        return List.of(
                Cell.of(label(kind)),
                new Cell(responses(cell), cell.source().run() + "/report.html#tab=summary"),
                Cell.of(alignment(cell)),
                Cell.of(score(kind, test.chance())),
                Cell.of(score(kind, test.pooled())),
                new Cell(score(kind, test.observed()), "#" + place(cell, kind)),
                Cell.of(Format.signedPercent(test.lift())),
                Cell.of(interval(test.liftInterval())),
                Cell.of(Format.pValue(test.pValue())),
                Cell.of(Format.count(test.peaks())),
                Cell.of(score(kind, value.random())),
                Cell.of(score(kind, value.observed())),
                Cell.of(Format.signedPercent(value.lift())),
                Cell.of(paper.source()));
    }

    private String chart(List<LinkageCell> whole) {
        List<IntervalChart.Row> rows = new ArrayList<>();
        for (LinkageKind kind : LinkageKind.values()) {
            for (LinkageCell cell : whole) {
                rows.add(IntervalChart.Row.heading(
                        label(kind) + " \u00b7 " + responses(cell) + " \u00b7 " + alignment(cell)));
                double paper = PaperLinkages.of(cell.source()).of(kind).lift();
                bar(rows, "all tokens", cell.result(Way.WHOLE, kind, TokenScope.ALL_TOKENS), paper);
                bar(rows, "without punctuation", cell.result(Way.WHOLE, kind, TokenScope.WITHOUT_PUNCTUATION), paper);
                bar(rows, "within thirds", cell.result(Way.WITHIN_THIRDS, kind, TokenScope.ALL_TOKENS), paper);
            }
        }
        return IntervalChart.of("Lift over chance", "lift, %", 0.0, rows);
    }

    private static void bar(List<IntervalChart.Row> rows, String label, Optional<LinkageResult> result, double paper) {
        result.map(LinkageResult::test).filter(test -> test.lift() != null).ifPresent(test -> {
            Interval interval = test.liftInterval();
            rows.add(new IntervalChart.Row(
                    label,
                    100 * orNaN(test.lift()),
                    interval == null ? Double.NaN : 100 * interval.low(),
                    interval == null ? Double.NaN : 100 * interval.high(),
                    label.equals("all tokens") ? 100 * paper : Double.NaN));
        });
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private List<Block> layers() {
        List<String> head = new ArrayList<>(HEAD);
        head.add(2, "layers");
        List<List<Cell>> rows = new ArrayList<>();
        for (LinkageKind kind : LinkageKind.values()) {
            for (LinkageCell cell : cells) {
                if (!cell.source().ofAllLayers()) {
                    cell.result(Way.WHOLE, kind, TokenScope.ALL_TOKENS).ifPresent(result -> {
                        List<Cell> row = new ArrayList<>(row(cell, result));
                        row.add(2, Cell.of(cell.source().layers()));
                        rows.add(row);
                    });
                }
            }
        }
        return List.of(new Block.Table("Head groups selected from one third of the layers; all tokens.", head, rows));
    }

    /** The rows behind the first table; each links to its response. */
    private List<Block> rows(List<LinkageCell> whole) {
        List<Block> blocks = new ArrayList<>();
        for (LinkageCell cell : whole) {
            for (LinkageKind kind : LinkageKind.values()) {
                List<List<Cell>> rows = cell.rows().getOrDefault(kind, List.of()).stream()
                        .map(row -> List.of(
                                new Cell(
                                        cell.source().ids().get(row.response()),
                                        cell.source().run() + "/report.html#trace=" + row.response()),
                                Cell.of(Format.count(row.tokens())),
                                Cell.of(Format.count(row.peaks())),
                                Cell.of(score(kind, row.peakSum() / row.peaks())),
                                Cell.of(score(kind, row.tokenSum() / row.tokens()))))
                        .toList();
                blocks.add(new Block.Fold(
                        place(cell, kind),
                        label(kind) + ": " + responses(cell) + ", " + alignment(cell) + " alignment",
                        List.of(new Block.Table(
                                "", List.of("response", "tokens", "peaks", "at peaks", "over all tokens"), rows))));
            }
        }
        return blocks;
    }

    /** The id of the element that holds the rows behind a linkage. */
    private static String place(LinkageCell cell, LinkageKind kind) {
        return place(cell, kind.name());
    }

    /** The id of an element of a cell. */
    static String place(LinkageCell cell, String content) {
        LinkageSource source = cell.source();
        String name = source.run() + "-" + source.layers() + "-" + alignment(cell) + "-" + content;
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    static String alignment(LinkageCell cell) {
        return LinkageCell.label(cell.source().alignment());
    }

    static String label(LinkageKind kind) {
        return switch (kind) {
            case ENTROPY_AT_WAAD_PEAKS -> "entropy at WAAD peaks";
            case FAI_PEAKS_AT_RECEIVER_PEAKS -> "receiver-FAI peaks that are FAI peaks";
            case FAI_PEAKS_AFTER_WAAD_PEAKS -> "FAI peaks at or after a WAAD peak";
        };
    }

    static String label(TokenScope scope) {
        return switch (scope) {
            case ALL_TOKENS -> "all";
            case WITHOUT_PUNCTUATION -> "without punctuation";
            case WITHOUT_TAIL -> "without the last";
            case WITHOUT_PUNCTUATION_AND_TAIL -> "without both";
        };
    }

    /** Formats nats, or a share. */
    static String score(LinkageKind kind, double value) {
        return kind == LinkageKind.ENTROPY_AT_WAAD_PEAKS ? Format.decimal(value, 4) : Format.percent(value);
    }

    static String interval(@Nullable Interval interval) {
        return interval == null
                ? Format.NONE
                : Format.interval(Format.signedPercent(interval.low()), Format.signedPercent(interval.high()));
    }
}
