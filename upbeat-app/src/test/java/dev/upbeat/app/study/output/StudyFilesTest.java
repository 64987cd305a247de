package dev.upbeat.app.study.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.study.output.Block.Cell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFilesTest {
    private static final String HOSTILE = "a<b> & \"c\" | *d* _e_ `f` [g](h) </details><script>1</script>\u202e";

    @TempDir
    private Path directory;

    private record Row(String problem, double meanJaccard, Double atEnd, List<Double> intervals) {}

    @Test
    void jsonHasNullForNaNAndSnakeCase() throws IOException {
        StudyFiles.write(directory, report(), new Row("p1", Double.NaN, 0.25, List.of(Double.POSITIVE_INFINITY)));
        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("study.json").toFile());
        assertThat(json.get("mean_jaccard").isNull()).isTrue();
        assertThat(json.get("at_end").doubleValue()).isEqualTo(0.25);
        assertThat(json.get("intervals").get(0).isNull()).isTrue();
    }

    @Test
    void textsComeThroughMarkdownUnchanged() throws IOException {
        StudyFiles.write(directory, report(), Map.of());
        String page = Files.readString(directory.resolve("study.md"));
        assertThat(page)
                .contains("a\\<b\\> & \"c\" \\| \\*d\\* \\_e\\_ \\`f\\` \\[g\\](h)")
                .contains("| problem | share |\n| --- | --: |\n")
                .contains("[p1](runs/a/report.html#trace=0) | 1.50 |")
                .as("a place of the page is no link in Markdown")
                .contains("| p2 | -2 |")
                .contains("![the chart](figures/chart.svg)")
                .as("raw rows stay in the page")
                .contains("](report.html#rows)")
                .contains("202e")
                .doesNotContain("\u202e")
                .doesNotContain("many</mark>")
                .doesNotContain("<script>");
    }

    @Test
    void thePageHoldsTextsAsTextAndLetsNothingRun() throws IOException {
        StudyFiles.write(directory, report(), Map.of());
        assertThat(directory.resolve("report.html"))
                .content()
                .contains("default-src 'none'")
                .contains("&lt;/details&gt;&lt;script&gt;1&lt;/script&gt;")
                .contains("<a href=\"#rows\">p2</a>")
                .contains("<details id=\"rows\">")
                .contains("<mark>many</mark>")
                .doesNotContain("\u202e")
                .doesNotContain("<script");
    }

    @Test
    void everyFigureIsAWellFormedFile() throws Exception {
        StudyFiles.write(directory, report(), Map.of());
        byte[] svg = Files.readAllBytes(directory.resolve("figures/chart.svg"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        assertThat(factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(new String(svg, StandardCharsets.UTF_8)).contains("prefers-color-scheme:dark");
    }

    @Test
    void theFirstDifferenceOfTwoTextsIsMarked() {
        Block.Beside beside = new Block.Beside("t", "original", "how much is it", "forced", "how many are they");
        assertThat(beside.common()).isEqualTo("how ".length());
        String page = MarkdownForm.of(
                new StudyReport("t", "c", List.of(), List.of(new StudyReport.Section("s", List.of(beside))), Map.of()));
        assertThat(page).contains("how >>>much is it").contains("how >>>many are they");
    }

    @Test
    void equalTextsHaveNoMark() {
        assertThat(new Block.Beside("", "", "one two", "", "one two").common()).isEqualTo(7);
        assertThat(new Block.Beside("", "", "one two", "", "one").common()).isZero();
    }

    @Test
    void aRowThatDoesNotFitItsHeadIsRefused() {
        assertThatThrownBy(() -> new Block.Table("", List.of("a", "b"), List.of(List.of(Cell.of("1")))))
                .hasMessageContaining("1 cells below a head of 2");
    }

    private static StudyReport report() {
        String chart = IntervalChart.of(
                HOSTILE,
                "lift, %",
                0.0,
                List.of(
                        IntervalChart.Row.heading("entropy"),
                        new IntervalChart.Row("all tokens", 12, 8, 19, 52),
                        new IntervalChart.Row("without an interval", -3, Double.NaN, Double.NaN, Double.NaN)));
        Block table = new Block.Table(
                "a table",
                List.of("problem", "share"),
                List.of(
                        List.of(new Cell("p1", "runs/a/report.html#trace=0"), Cell.of("1.50")),
                        List.of(new Cell("p2", "#rows"), Cell.of("-2"))));
        List<Block> blocks = List.of(
                new Block.Text(HOSTILE),
                table,
                new Block.Figure("chart", "the chart", chart),
                new Block.Fold("rows", "the rows", List.of(new Block.Text(HOSTILE))),
                new Block.Beside("forced", "original", "how much is it", "many", "how many are they"));
        return new StudyReport(
                HOSTILE,
                "upbeat study linkage m",
                List.of(HOSTILE),
                List.of(new StudyReport.Section("One", blocks)),
                Map.of("seed", "0"));
    }
}
