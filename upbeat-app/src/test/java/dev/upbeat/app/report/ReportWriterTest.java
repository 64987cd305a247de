package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
    private static final float[] HALF = {0.5f, 0.5f};
    private static final PeakPositions NO_PEAKS = new PeakPositions(new int[0], new int[0], new int[0], new int[0]);

    @TempDir
    Path directory;

    @Test
    void sixteenTracesOfAThousandTokensStayUnderThreeMegabytes() throws IOException {
        List<ReportRow> rows = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            rows.add(DemoReport.row("t" + i, DemoText.prompt(i), DemoText.response(i, 1000), 1, i, false));
        }
        rows.set(0, DemoReport.withHeads(rows.get(0))); // as many as HeadBudget lets in
        Path file = directory.resolve("report.html");
        ReportWriter.write(file, DemoReport.report(rows));
        assertThat(Files.size(file)).isLessThan(3_000_000);
    }

    @Test
    void everyFileOfThePageIsInTheReport() throws IOException, URISyntaxException {
        URI web = Objects.requireNonNull(PageTemplate.class.getResource("web")).toURI();
        try (Stream<Path> files = Files.list(Path.of(web))) {
            List<String> listed = new ArrayList<>(List.of("page.html", "start.js"));
            listed.addAll(PageTemplate.MODULES);
            listed.addAll(PageTemplate.STYLES);
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void noTokensTextCanEndItsElement() throws IOException {
        List<String> hostile =
                List.of("</script><script>alert(1)</script>", "<!--<script>", "\u2028\u2029 \ud800 é 漢 &amp;");
        String page = page(DemoReport.row("</title>", hostile, hostile, 1, 0, false));
        assertThat(page.split("</script>", -1)).hasSize(1 + 4); // import map, manifest, trace, start
        assertThat(page).doesNotContain("<!--<script").doesNotContain("\u2028");
        JsonNode trace = block(page, "trace-0");
        assertThat(trace.get("tokens")).extracting(JsonNode::asText).containsExactlyElementsOf(hostile);
    }

    @Test
    void undefinedValuesAreNeverWrittenAsNumbers() throws IOException {
        String page = page(DemoReport.row("a", DemoText.prompt(0), DemoText.response(0), 1, 0, false));
        JsonNode undefined =
                block(page, "manifest").get("runs").get(0).get("linkages").get(8);
        assertThat(undefined.get("lift").isNull()).isTrue();
        float[] fai = floats(block(page, "trace-0").get("series").get("fai").asText());
        assertThat(fai[fai.length - 1]).isNaN();
        assertThat(fai[0])
                .isEqualTo(DemoReport.row("a", DemoText.prompt(0), DemoText.response(0), 1, 0, false)
                        .observation()
                        .fai()[0]);
    }

    @Test
    void aFailedReportLeavesTheOldOneAndNothingElse() throws IOException {
        Path file = directory.resolve("report.html");
        Files.writeString(file, "old");
        Links impossible =
                new Links(new int[][] {{0}, {1}}, new float[][] {{1.5f}, {0}}, new int[2][1], new float[2][1]);
        ReportRow row = new ReportRow(
                trace(), DemoReport.observation(HALF, HALF, HALF, HALF, impossible), null, null, List.of(), NO_PEAKS);
        assertThatThrownBy(() -> ReportWriter.write(file, DemoReport.report(List.of(row))))
                .hasMessageContaining("attention weight 1.5 is not in [0, 1]");
        assertThat(file).hasContent("old");
        assertThat(directory)
                .isDirectoryContaining(path -> path.equals(file))
                .isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void peaksAndTextsOfOtherLengthAreRefused() {
        Observation seen = DemoReport.observation(HALF, HALF, HALF, HALF, null);
        PeakPositions beyond = new PeakPositions(new int[] {2}, new int[0], new int[0], new int[0]);
        assertThatThrownBy(() -> new ReportRow(trace(), seen, null, null, List.of(), beyond))
                .hasMessageContaining("peak at 2 of 2 response tokens");
        assertThatThrownBy(() -> new ReportRow(trace(), seen, List.of("one", "two"), null, List.of(), NO_PEAKS))
                .hasMessageContaining("2 prompt token texts for 1 prompt ids");
    }

    @Test
    void positionsTakeFourBytesOnlyWhereTheSequenceNeedsThem() {
        int[][] rows = {{70_000, -1}};
        assertThat(Base64.getDecoder().decode(Blocks.positions(new int[][] {{65_534, -1}}, 65_535)))
                .containsExactly(0xFE, 0xFF, 0xFF, 0xFF);
        assertThat(Base64.getDecoder().decode(Blocks.positions(rows, 70_001)))
                .hasSize(8)
                .endsWith(0xFF, 0xFF, 0xFF, 0xFF);
    }

    @Test
    void headValuesAreStepsOfTheirMaximum() throws IOException {
        List<float[]> rows =
                List.of(new float[] {0, 0.5f, 2}, new float[] {Float.NaN, 0, 0}, new float[] {1e-6f, 2e-6f, 0});
        float[] maxima = Blocks.maxima(rows);
        assertThat(maxima).containsExactly(2, 0, 2e-6f);
        byte[] deflated = Base64.getDecoder().decode(Blocks.pictures(rows, maxima));
        assertThat(new InflaterInputStream(new ByteArrayInputStream(deflated)).readAllBytes())
                .containsExactly(0, 64, 254, 255, 0, 0, 127, 254, 0);
    }

    @Test
    void aSparklineOfRoundingIsLevel() {
        assertThat(Sparkline.of(new float[] {1, Math.nextUp(1f), 1, Math.nextDown(1f)}, false))
                .containsOnly(127);
        assertThat(Sparkline.of(new float[] {1, 1.001f}, false)).containsExactly(0, 254);
    }

    @Test
    void aSparklineKeepsTheExtremesAndTheGaps() {
        float[] series = new float[2 * Sparkline.BUCKETS];
        series[7] = 4;
        series[20] = Float.NaN;
        series[21] = Float.NaN;
        byte[] line = Sparkline.of(series, false);
        assertThat(line).hasSize(Sparkline.BUCKETS);
        assertThat(line[3]).isEqualTo((byte) 254);
        assertThat(line[10]).isEqualTo(Sparkline.UNDEFINED);
        assertThat(line[11]).isZero();
    }

    private static Trace trace() {
        return new Trace("a", new int[] {1}, new int[] {2, 3}, null, 1, null);
    }

    private String page(ReportRow row) throws IOException {
        Path file = directory.resolve("report.html");
        ReportWriter.write(file, DemoReport.report(List.of(row)));
        return Files.readString(file);
    }

    private static JsonNode block(String page, String id) throws IOException {
        String start = "id=\"" + id + "\">";
        int from = page.indexOf(start) + start.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    private static float[] floats(String base64) {
        ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[buffer.remaining() / 4];
        buffer.asFloatBuffer().get(values);
        return values;
    }
}
