package dev.upbeat.app.analyze;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.linkage.ChunkStatistics;
import dev.upbeat.linkage.LinkageHeadline;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.LinkageStudy;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.linkage.LinkageStudyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the linkages, chunks and couplings of a run as {@code linkages.json} and, as a table, {@code linkages.md}. */
final class LinkageFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * The content of linkages.json.
     *
     * @param responses number of responses
     * @param headlines by the name of the linkage
     * @param linkages results, with the fields of a linkage study's study.json
     * @param beat chunks and couplings; null without traces
     */
    private record Content(
            int responses,
            LinkageSettings settings,
            Map<String, String> headlines,
            List<LinkageStudyFile.Result> linkages,
            List<PeakOverlap> overlaps,
            @Nullable ChunkStatistics beat) {}

    private LinkageFiles() {}

    static void write(Path run, LinkageStudy study, @Nullable ChunkStatistics beat) throws IOException {
        AtomicFiles.writeString(run.resolve("linkages.json"), JSON.writeValueAsString(content(study, beat)) + "\n");
        AtomicFiles.writeString(run.resolve("linkages.md"), table(study, beat));
    }

    private static Content content(LinkageStudy study, @Nullable ChunkStatistics beat) {
        Map<String, String> headlines = new LinkedHashMap<>();
        for (LinkageKind kind : LinkageKind.values()) {
            List<LinkageResult> results = study.of(kind);
            if (!results.isEmpty()) {
                headlines.put(kind.name(), LinkageHeadline.of(results, study.settings()));
            }
        }
        return new Content(
                study.responses(),
                study.settings(),
                headlines,
                study.linkages().stream()
                        .map(result -> new LinkageStudyFile.Result(result.kind(), result.scope(), result.test()))
                        .toList(),
                study.overlaps(),
                beat);
    }

    private static String table(LinkageStudy study, @Nullable ChunkStatistics beat) {
        StringBuilder text = new StringBuilder("# Linkages\n\n");
        study.texts()
                .forEach(each ->
                        text.append("- ").append(each.replaceAll("\\s+", " ")).append("\n"));
        text.append("""

                Observed: mean at the peaks; entropy in nats, else shares. Chance: mean under shuffles of the peaks within their
                response. Pooled: mean of all tokens.

                | linkage | tokens | chance | pooled | observed | lift, % | 95 % interval | p | peaks |
                |---|---|---|---|---|---|---|---|---|
                """);
        study.linkages().forEach(result -> text.append(row(result)));
        if (beat != null) {
            text.append("\n## Chunks and couplings\n\n");
            beat.texts().forEach(each -> text.append("- ").append(each).append("\n"));
        }
        return text.toString();
    }

    private static String row(LinkageResult result) {
        PeakTestResult test = result.test();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.4f | %.4f | %.4f | %s | %s | %s | %d |\n",
                lowerCase(result.kind()),
                lowerCase(result.scope()),
                test.chance(),
                test.pooled(),
                test.observed(),
                test.lift() == null ? "" : percent(test.lift()),
                interval(test.liftInterval()),
                String.format(Locale.ROOT, "%.4f", test.pValue()),
                test.peaks());
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String interval(@Nullable Interval interval) {
        return interval == null ? "" : percent(interval.low()) + " to " + percent(interval.high());
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%+.1f", 100 * ratio);
    }
}
