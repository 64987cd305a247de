package dev.upbeat.app.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.study.output.StudyFiles;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.study.linkage.LinkageExperiment;
import dev.upbeat.study.linkage.LinkageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkageReportTest {
    private static final LinkageSettings SETTINGS = new LinkageSettings(0.3, 1, 10, 1_000, 1_000, 0);

    @TempDir
    private Path directory;

    /** Every tenth token is a WAAD peak, the one behind it an FAI peak of all heads; receivers are noise where asked. */
    private static List<TokenSeries> planted(boolean receivers) {
        SplittableRandom random = new SplittableRandom(5);
        return IntStream.range(0, 6)
                .mapToObj(r -> {
                    float[] waad = noise(random);
                    float[] fai = noise(random);
                    for (int t = 3; t + 1 < waad.length; t += 10) {
                        waad[t] += 5;
                        fai[t + 1] += 5;
                    }
                    float[] receiver = receivers ? noise(random) : fai.clone();
                    List<String> tokens = IntStream.range(0, waad.length)
                            .mapToObj(t -> t % 10 == 9 ? "." : "t")
                            .toList();
                    return new TokenSeries(waad, fai, receiver, noise(random), tokens);
                })
                .toList();
    }

    private static float[] noise(SplittableRandom random) {
        float[] series = new float[90];
        for (int t = 0; t < series.length; t++) {
            series[t] = (float) random.nextDouble();
        }
        return series;
    }

    private static LinkageSource source(String data, String layers, Alignment alignment) {
        List<TokenSeries> series = planted(alignment == Alignment.PREDICTOR);
        List<String> ids =
                IntStream.range(0, series.size()).mapToObj(i -> "q" + i).toList();
        return new LinkageSource("m", data, layers, alignment, "runs/" + data, ids, series);
    }

    private static StudyReport report(LinkageExperiment experiment) {
        return LinkageReport.of(experiment, "upbeat study linkage m", Map.of("seed", "0"));
    }

    private static LinkageExperiment experiment(LinkageSource... sources) {
        return LinkageExperiment.of(List.of(sources), SETTINGS, () -> {});
    }

    /** Writes the files of a study and returns its report. */
    private StudyReport write(LinkageSource... sources) throws IOException {
        LinkageExperiment experiment = experiment(sources);
        StudyReport report = report(experiment);
        StudyFiles.write(directory, report, experiment.file("upbeat study linkage m", Map.of()));
        return report;
    }

    @Test
    void theFileHoldsEveryStatisticAndItsRows() throws IOException {
        write(source("math", LinkageSource.ALL_LAYERS, Alignment.TOKEN), source("math", "top", Alignment.TOKEN));
        JsonNode file =
                new ObjectMapper().readTree(directory.resolve("study.json").toFile());
        List<String> where = new ArrayList<>();
        file.get("linkages")
                .forEach(each -> where.add(each.get("of").get("layers").textValue() + " "
                        + each.get("where").textValue()));
        for (String layers : List.of("all ", "top ")) {
            assertThat(where)
                    .contains(
                            layers + "whole",
                            layers + "within_thirds",
                            layers + "first_third",
                            layers + "middle_third",
                            layers + "last_third");
        }
        JsonNode follows = StreamSupport.stream(file.get("linkages").spliterator(), false)
                .filter(each -> each.get("where").textValue().equals("whole")
                        && each.get("result").get("scope").textValue().equals("ALL_TOKENS")
                        && each.get("result").get("kind").textValue().equals("FAI_PEAKS_AFTER_WAAD_PEAKS"))
                .findFirst()
                .orElseThrow()
                .get("result");
        assertThat(follows.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "kind",
                        "scope",
                        "responses",
                        "tokens",
                        "peaks",
                        "observed",
                        "chance",
                        "pooled",
                        "lift",
                        "observed_interval",
                        "lift_interval",
                        "p_value",
                        "shuffles");
        // the raw rows pool to the statistic
        double peaks = 0;
        double hits = 0;
        for (JsonNode row : file.get("rows")) {
            if (row.get("kind").textValue().equals("FAI_PEAKS_AFTER_WAAD_PEAKS")
                    && row.get("of").get("layers").textValue().equals("all")) {
                peaks += row.get("row").get("peaks").intValue();
                hits += row.get("row").get("peak_sum").doubleValue();
            }
        }
        assertThat(hits / peaks).isCloseTo(follows.get("observed").doubleValue(), within(1e-12));
        assertThat(follows.get("p_value").doubleValue()).isEqualTo(1 / 1001.0);
        assertThat(file.get("overlaps"))
                .as("ordered pairs of four series, in two scopes, of all layers")
                .hasSize(24);
        assertThat(file.get("response_overlaps"))
                .as("ordered pairs of four series, of six responses of all layers")
                .hasSize(72);
        for (String count : List.of("peaks", "same", "previous", "next")) {
            assertThat(StreamSupport.stream(file.get("response_overlaps").spliterator(), false)
                            .map(each -> each.get("overlap"))
                            .filter(LinkageReportTest::isGlobalFaiAndWaad)
                            .mapToInt(each -> each.get(count).intValue())
                            .sum())
                    .as("the responses' %s add up", count)
                    .isEqualTo(StreamSupport.stream(file.get("overlaps").spliterator(), false)
                            .map(each -> each.get("result").get("overlap"))
                            .filter(LinkageReportTest::isGlobalFaiAndWaad)
                            .findFirst()
                            .orElseThrow()
                            .get(count)
                            .intValue());
        }
    }

    private static boolean isGlobalFaiAndWaad(JsonNode overlap) {
        return overlap.get("first").textValue().equals("GLOBAL_FAI")
                && overlap.get("second").textValue().equals("WAAD")
                && overlap.get("scope").textValue().equals("ALL_TOKENS");
    }

    @Test
    void thePaperStandsBesideAndNumbersLeadToTheirResponses() throws IOException {
        write(
                source("math", LinkageSource.ALL_LAYERS, Alignment.TOKEN),
                source("math", LinkageSource.ALL_LAYERS, Alignment.PREDICTOR),
                source("crossthink-qa", LinkageSource.ALL_LAYERS, Alignment.TOKEN),
                source("math", "bottom", Alignment.TOKEN));
        String text = Files.readString(directory.resolve("study.md"));
        assertThat(text)
                .contains("| 36.9% | 52.5% | +42.5% | Table 2 |")
                .contains("| 20.3% | 64.8% | +219.6% | Table 11 |")
                .contains("| 0.2386 | 0.3634 | +52.3% | Table 10 |")
                .contains("| 57.8% | 9.7% | 5.6% |")
                .contains("51.97", "51.22")
                .contains("predictor alignment");
        String page = Files.readString(directory.resolve("report.html"));
        assertThat(page)
                .contains("<details id=\"runs-math-all-token-overlaps\">", ">q5</p>")
                .contains("href=\"#runs-math-all-token-fai-peaks-after-waad-peaks\"")
                .contains("<details id=\"runs-math-all-token-fai-peaks-after-waad-peaks\">")
                .contains("href=\"runs/math/report.html#trace=5\"");
        assertThat(directory.resolve("figures/lifts.svg")).exists();
    }

    @Test
    void controlsStandOnTheirOwnLine() throws IOException {
        StudyReport report = write(source("math", LinkageSource.ALL_LAYERS, Alignment.TOKEN));
        assertThat(report.findings().get(2).lines())
                .satisfiesExactly(
                        headline -> assertThat(headline).startsWith("math: FAI peaks come right after planning."),
                        numbers -> assertThat(numbers).contains("coincide with a WAAD peak"),
                        controls -> assertThat(controls).startsWith("  Controls: without punctuation"),
                        thirds -> assertThat(thirds).startsWith("  Against shuffles within thirds: +"));
        assertThat(directory.resolve("study.md"))
                .content()
                .contains("- math: FAI peaks come right after planning.\n  - ")
                .contains("\n  - Controls: without punctuation");
        assertThat(directory.resolve("report.html"))
                .content()
                .contains("<li>math: FAI peaks come right after planning.\n<ul>\n<li>")
                .contains("</li>\n<li>Controls: without punctuation");
    }

    @Test
    void theOtherAlignmentHasOneFinding() {
        List<String> findings = report(experiment(
                        source("math", LinkageSource.ALL_LAYERS, Alignment.TOKEN),
                        source("math", LinkageSource.ALL_LAYERS, Alignment.PREDICTOR)))
                .findings();
        assertThat(findings).hasSize(3 + 1 + 2);
        assertThat(findings.get(3))
                .startsWith("math by row t - 1, which predicts token t (predictor alignment): entropy at WAAD peaks -")
                .contains(", FAI peaks at or after a WAAD peak ");
    }

    @Test
    void theFindingsSayHowManyPValuesWereLookedAt() throws IOException {
        StudyReport report = write(source("math", LinkageSource.ALL_LAYERS, Alignment.TOKEN));
        List<JsonNode> p = new ObjectMapper()
                .readTree(directory.resolve("study.json").toFile())
                .findValues("p_value");
        long found = p.stream().filter(each -> each.doubleValue() <= 0.05).count();
        assertThat(report.findings())
                .contains(found + " of the " + p.size()
                        + " p-values in study.json are at most 0.05; without any effect, about "
                        + "" + Math.round(0.05 * p.size())
                        + " would. None is corrected for multiple comparisons.");
        assertThat(Files.readString(directory.resolve("study.md")))
                .contains("rank correlation of FAI and entropy", "rank correlation of WAAD and entropy");
    }

    @Test
    void onlyTheEntropyLiftOfTableTwoContradictsItsValues() {
        List<String> notes = new ArrayList<>();
        for (String layers : List.of(LinkageSource.ALL_LAYERS, "bottom", "middle", "top")) {
            for (String data : List.of("math", "crossthink-qa")) {
                PaperLinkages.Column column = PaperLinkages.of(source(data, layers, Alignment.TOKEN));
                for (LinkageKind kind : LinkageKind.values()) {
                    column.note(kind).ifPresent(notes::add);
                }
            }
        }
        for (LinkageKind kind : LinkageKind.values()) {
            PaperLinkages.LLAMA.note(kind).ifPresent(notes::add);
        }
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0)).contains("Table 2", "51.97", "0.2386", "0.3608", "51.22");
    }
}
