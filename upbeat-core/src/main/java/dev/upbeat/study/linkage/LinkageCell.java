package dev.upbeat.study.linkage;

import dev.upbeat.linkage.Linkage;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageRow;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.OverlapTestResult;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.ResponsePart;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.observe.RhythmOptions.Alignment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Every statistic of one source.
 *
 * @param source of the responses
 * @param results by part of the response and kind of shuffle
 * @param overlaps the overlap table of all tokens and without punctuation; empty for a range of layers
 * @param responseOverlaps the overlap table of each response, in the order of the responses; empty for a range of
 *     layers
 * @param correlations of FAI and of WAAD with entropy; empty for a range of layers
 * @param rows contribution of each response to each linkage over all tokens
 */
public record LinkageCell(
        LinkageSource source,
        Map<Way, List<LinkageResult>> results,
        Map<TokenScope, List<OverlapTestResult>> overlaps,
        List<List<PeakOverlap>> responseOverlaps,
        List<RankCorrelation> correlations,
        Map<LinkageKind, List<LinkageRow>> rows) {

    /** Part of the responses, and kind of shuffle. */
    public enum Way {
        WHOLE("whole response"),
        WITHIN_THIRDS("shuffled within thirds"),
        FIRST_THIRD("first third"),
        MIDDLE_THIRD("middle third"),
        LAST_THIRD("last third");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        LinkageSettings of(LinkageSettings settings) {
            return switch (this) {
                case WHOLE -> settings;
                case WITHIN_THIRDS -> settings.shufflingWithinThirds();
                case FIRST_THIRD -> settings.over(ResponsePart.FIRST_THIRD);
                case MIDDLE_THIRD -> settings.over(ResponsePart.MIDDLE_THIRD);
                case LAST_THIRD -> settings.over(ResponsePart.LAST_THIRD);
            };
        }
    }

    /**
     * Computes all statistics. A range of layers has no overlap table, because the paper's is of all layers, and no rank
     * correlations.
     */
    static LinkageCell of(LinkageSource source, LinkageSettings settings) {
        Map<Way, List<LinkageResult>> results = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            results.put(way, Linkage.study(source.series(), way.of(settings)).linkages());
        }
        Map<TokenScope, List<OverlapTestResult>> overlaps = new EnumMap<>(TokenScope.class);
        if (source.ofAllLayers()) {
            for (TokenScope scope : List.of(TokenScope.ALL_TOKENS, TokenScope.WITHOUT_PUNCTUATION)) {
                overlaps.put(scope, Linkage.overlapTests(source.series(), scope, settings));
            }
        }
        Map<LinkageKind, List<LinkageRow>> rows = new EnumMap<>(LinkageKind.class);
        for (LinkageKind kind : LinkageKind.values()) {
            rows.put(kind, Linkage.rows(source.series(), kind, TokenScope.ALL_TOKENS, settings));
        }
        List<RankCorrelation> correlations =
                source.ofAllLayers() ? RankCorrelation.all(source.series(), settings) : List.of();
        List<List<PeakOverlap>> responseOverlaps = source.ofAllLayers()
                ? source.series().stream()
                        .map(series -> Linkage.overlaps(series, settings))
                        .toList()
                : List.of();
        return new LinkageCell(source, results, overlaps, responseOverlaps, correlations, rows);
    }

    /** p-value of every statistic. */
    public DoubleStream pValues() {
        return Stream.of(
                        results.values().stream().flatMap(List::stream).map(each -> each.test()
                                .pValue()),
                        overlaps.values().stream().flatMap(List::stream).map(each -> each.test()
                                .pValue()),
                        correlations.stream().map(RankCorrelation::pValue))
                .flatMap(p -> p)
                .mapToDouble(Double::doubleValue);
    }

    public Optional<LinkageResult> result(Way way, LinkageKind kind, TokenScope scope) {
        return results.getOrDefault(way, List.of()).stream()
                .filter(result -> result.kind() == kind && result.scope() == scope)
                .findFirst();
    }

    /** Results of one kind over all scopes of tokens, all tokens first; empty if there is none. */
    public List<LinkageResult> results(Way way, LinkageKind kind) {
        return results.getOrDefault(way, List.of()).stream()
                .filter(result -> result.kind() == kind)
                .toList();
    }

    public static String label(Alignment alignment) {
        return switch (alignment) {
            case TOKEN -> "token";
            case PREDICTOR -> "predictor";
        };
    }
}
