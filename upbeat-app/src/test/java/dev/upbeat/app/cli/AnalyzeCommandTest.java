package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces by ids alone, end to end. */
class AnalyzeCommandTest {
    @TempDir
    static Path shared;

    private static Path model;
    private static Path traces;

    @TempDir
    Path directory;

    @BeforeAll
    static void writeAModelAndTraces() {
        model = TinyModel.write(shared.resolve("tiny"));
        traces = TinyModel.traces(shared.resolve("traces.jsonl"), 5, 4, 30);
    }

    @Test
    void theRunDirectoryIsCompleteAndAlone() {
        Cli run = analyze("run").done();
        assertThat(Cli.names(directory)).containsExactly("run");
        assertThat(Cli.names(directory.resolve("run")))
                .containsExactly(
                        "config.yaml",
                        "head_series.parquet",
                        "heads.json",
                        "linkages.json",
                        "linkages.md",
                        "provenance.json",
                        "report.html",
                        "traces.parquet");
        assertThat(run.out())
                .startsWith("Strongest anchors:" + System.lineSeparator())
                .containsPattern(
                        "\n  \\S+, position \\d+: id \\d+, FAI [0-9.e-]+, [0-9.]+ times the median of similar positions")
                .contains("Controls: without punctuation and line breaks not computed")
                .contains("Entropy averages", "receiver-FAI peaks", "FAI peaks coincide")
                .endsWith("run/report.html" + System.lineSeparator());
        assertThat(run.err())
                .startsWith("analyze: ")
                .contains("; into " + directory.resolve("run"))
                .hasLineCount(1);
    }

    @Test
    void theTracesHaveTheContractsColumnsInItsOrder() {
        analyze("run").done();
        assertThat(columns("traces"))
                .containsExactly(
                        "id",
                        "prompt_ids",
                        "response_ids",
                        "tokens",
                        "log_prob",
                        "entropy_nats",
                        "waad",
                        "fai",
                        "receiver_fai",
                        "temperature",
                        "prompt_tokens",
                        "waad_peak",
                        "fai_peak",
                        "anchor",
                        "intro",
                        "links");
        assertThat(columns("tokens"))
                .containsExactly(
                        "trace_id",
                        "position",
                        "token_id",
                        "token",
                        "log_prob",
                        "entropy_nats",
                        "waad",
                        "fai",
                        "receiver_fai",
                        "waad_peak",
                        "fai_peak",
                        "anchor",
                        "intro");
        assertThat(columns("heads")).containsExactly("layer", "head", "span_tokens", "grp", "receiver");
    }

    @Test
    void onlyUndefinedValuesAreNull() {
        analyze("run", "--horizon", "3:end").done();
        JsonNode counts = query("SELECT count(*) AS n, count(token) AS token, count(log_prob) AS log_prob,"
                        + " count(entropy_nats) AS entropy, count(waad) AS waad, count(fai) AS fai,"
                        + " count(receiver_fai) AS receiver_fai,"
                        + " bool_or(isnan(log_prob) OR isnan(waad) OR isnan(fai)) AS nan FROM tokens")
                .get(0);
        int tokens = 30 + 31 + 32 + 33 + 34;
        assertThat(counts.get("n").intValue()).isEqualTo(tokens);
        for (String always : List.of("log_prob", "entropy", "waad")) {
            assertThat(counts.get(always).intValue()).as(always).isEqualTo(tokens);
        }
        // No token is 3 or more after the last three of a response.
        assertThat(counts.get("fai").intValue()).isEqualTo(tokens - 5 * 3);
        assertThat(counts.get("receiver_fai").intValue()).isEqualTo(tokens - 5 * 3);
        assertThat(counts.get("token").intValue())
                .as("texts without a tokenizer")
                .isZero();
        assertThat(counts.get("nan").booleanValue()).isFalse();
    }

    @Test
    void aTracesRowsComeBackAsTheyWereGiven() throws IOException {
        analyze("run").done();
        List<JsonNode> rows = query("SELECT id, prompt_ids, response_ids FROM traces");
        List<String> given = Files.readAllLines(traces);
        for (int i = 0; i < given.size(); i++) {
            assertThat(rows.get(i)).isEqualTo(new ObjectMapper().readTree(given.get(i)));
        }
    }

    @Test
    void aQueryPrintsATableCsvOrJsonLines() {
        analyze("run").done();
        String sql = "SELECT id, len(response_ids) AS length FROM traces ORDER BY id LIMIT 2";
        assertThat(Cli.upbeat("query", directory.resolve("run"), sql).done().out())
                .contains("id", "length", "t0", "30", "t1", "31");
        assertThat(Cli.upbeat("query", directory.resolve("run"), sql, "--format", "csv")
                        .done()
                        .out())
                .isEqualTo("id,length\nt0,30\nt1,31\n");
        assertThat(Cli.upbeat("query", directory.resolve("run"), sql, "--format", "jsonl")
                        .done()
                        .out())
                .isEqualTo("{\"id\":\"t0\",\"length\":30}\n{\"id\":\"t1\",\"length\":31}\n");
    }

    @Test
    void aReportWrittenAgainHasTheSameBytes() throws IOException {
        analyze("run").done();
        Path report = directory.resolve("run/report.html");
        byte[] first = Files.readAllBytes(report);
        Files.delete(report);
        Cli again = Cli.upbeat("report", directory.resolve("run")).done();
        assertThat(again.out()).isEqualToIgnoringNewLines("report: " + report);
        assertThat(Files.readAllBytes(report)).isEqualTo(first);
        assertThat(Cli.names(directory.resolve("run"))).hasSize(8);
    }

    @Test
    void theLinkagesAreLeftAsJsonAndAsATable() throws IOException {
        analyze("run").done();
        JsonNode file = new ObjectMapper()
                .readTree(directory.resolve("run/linkages.json").toFile());
        assertThat(file.get("responses").intValue()).isEqualTo(5);
        JsonNode first = file.at("/linkages/0");
        assertThat(first.get("kind").textValue()).isEqualTo("ENTROPY_AT_WAAD_PEAKS");
        assertThat(first.get("scope").textValue()).isEqualTo("ALL_TOKENS");
        assertThat(first.get("chance").doubleValue()).isPositive();
        assertThat(first.get("pooled").doubleValue())
                .isEqualTo(
                        query("SELECT avg(entropy_nats) AS h FROM tokens")
                                .get(0)
                                .get("h")
                                .doubleValue(),
                        within(1e-9));
        assertThat(first.get("peaks").intValue())
                .isEqualTo(query("SELECT count(*) AS n FROM tokens WHERE waad_peak")
                        .get(0)
                        .get("n")
                        .intValue());
        assertThat(file.at("/headlines/ENTROPY_AT_WAAD_PEAKS").textValue()).startsWith("Entropy at preplan points");
        assertThat(directory.resolve("run/linkages.md"))
                .content()
                .contains("- Entropy at preplan points", "| entropy at waad peaks | all tokens | ");
    }

    @Test
    void theSameCommandGivesTheSameValues() {
        analyze("one").done();
        analyze("two").done();
        String all = "SELECT * FROM traces";
        assertThat(Cli.query(directory.resolve("two"), all)).isEqualTo(Cli.query(directory.resolve("one"), all));
    }

    @Test
    void aPresetSetsLayersAndHorizon() throws IOException {
        analyze("run", "--preset", "rl").done();
        JsonNode config = config();
        assertThat(config.get("preset").textValue()).isEqualTo("rl");
        assertThat(config.get("layers").textValue()).isEqualTo("middle-third/5");
        assertThat(config.get("horizon").textValue()).isEqualTo("10:100");
        assertThat(heads().get("layers").toString()).isEqualTo("[1,2]");
        assertThat(heads().get("horizon").toString()).isEqualTo("[10,100]");
    }

    @Test
    void explicitFlagsWinOverThePreset() throws IOException {
        analyze("run", "--preset", "rl", "--layers", "0,2", "--horizon", "2:7").done();
        assertThat(heads().get("layers").toString()).isEqualTo("[0,2]");
        assertThat(heads().get("horizon").toString()).isEqualTo("[2,7]");
        assertThat(config().get("layers").textValue()).isEqualTo("0,2");
    }

    @Test
    void everyOptionIsInTheConfigurationResolved() throws IOException {
        analyze("run", "--window", "7", "--rho", "0.25", "--alignment", "predictor", "--seed", "3", "--limit", "4")
                .done();
        JsonNode config = config();
        assertThat(config.get("window").intValue()).isEqualTo(7);
        assertThat(config.get("rho").doubleValue()).isEqualTo(0.25);
        assertThat(config.get("alignment").textValue()).isEqualTo("predictor");
        assertThat(config.get("seed").intValue()).isEqualTo(3);
        assertThat(config.get("limit").intValue()).isEqualTo(4);
        assertThat(config.get("dtype").textValue()).isEqualTo("f32");
        assertThat(config.get("traces").textValue()).isEqualTo(traces.toString());
        assertThat(config.has("temperature")).as("nothing is drawn").isFalse();
        JsonNode provenance = new ObjectMapper()
                .readTree(directory.resolve("run/provenance.json").toFile());
        assertThat(provenance.get("model").get("name").textValue()).isEqualTo("tiny");
        assertThat(provenance.get("data").get("name").textValue()).isEqualTo("traces.jsonl");
        assertThat(provenance.get("seed").intValue()).isEqualTo(3);
    }

    @Test
    void theShareOfReceiversIsChosenAndRecorded() throws IOException {
        analyze("run", "--receiver-rho", "0.25").done();
        assertThat(heads().get("receiver")).as("of 12 heads").hasSize(3);
        assertThat(heads().get("receiver_rho").doubleValue()).isEqualTo(0.25);
        assertThat(config().get("receiver_rho").doubleValue()).isEqualTo(0.25);
    }

    @Test
    void withoutLinksThereIsNoLinksColumn() {
        analyze("run", "--links", "0").done();
        assertThat(columns("traces")).doesNotContain("links");
    }

    @Test
    void theRequestedNumberOfLinksIsKept() {
        analyze("run", "--links", "3").done();
        JsonNode links = query("SELECT links.global_positions AS g FROM traces LIMIT 1")
                .get(0)
                .get("g");
        assertThat(links).hasSize(30);
        assertThat(links.get(0)).hasSize(3);
    }

    @Test
    void theGroupsMeansAreThoseOfTheHeadsOwnSeries() {
        analyze("run", "--head-series", "2").done();
        assertThat(query("SELECT trace_id, count(*) AS heads FROM head_series GROUP BY ALL ORDER BY ALL")
                        .toString())
                .isEqualTo("[{\"trace_id\":\"t0\",\"heads\":12}, {\"trace_id\":\"t1\",\"heads\":12}]");
        JsonNode difference = query(
                        "WITH own AS (SELECT trace_id, avg(s.waad[9]) AS waad FROM head_series s"
                                + " JOIN heads h ON s.layer = h.layer AND s.head = h.head AND h.grp = 'local' GROUP BY trace_id)"
                                + " SELECT max(abs(own.waad - t.waad[9])) AS d, count(*) AS n FROM own JOIN traces t ON t.id = trace_id")
                .get(0);
        assertThat(difference.get("n").intValue()).isEqualTo(2);
        assertThat(difference.get("d").doubleValue()).isLessThan(1e-6);
    }

    @Test
    void withoutHeadSeriesThereIsNoHeadSeriesFile() {
        analyze("run", "--head-series", "0").done();
        assertThat(Cli.names(directory.resolve("run"))).doesNotContain("head_series.parquet");
        analyze("refused", "--head-series", "-1").refused("--head-series -1", "0 (none) or more");
    }

    @Test
    void aMapIsKeptIfTheTraceReachesIt() {
        analyze("run", "--map", "33:37").done();
        List<JsonNode> maps = query("SELECT map_window.\"start\" AS s, map_window.\"end\" AS e,"
                + " len(map_window.\"global\") AS cells FROM traces");
        // t0 has 34 tokens and t1 35: the window ends where the trace does.
        assertThat(maps.stream().map(row -> row.get("e").intValue())).containsExactly(34, 35, 36, 37, 37);
        assertThat(maps.stream().map(row -> row.get("cells").intValue())).containsExactly(1, 4, 9, 16, 16);
    }

    @Test
    void aMapBeyondAllTracesGivesAWarning() {
        assertThat(analyze("run", "--map", "90:95").done().err())
                .contains("warning: no trace reaches position 90, the start of --map");
        assertThat(columns("traces")).doesNotContain("map_window");
    }

    @Test
    void withoutReceiversTheirColumnIsNullAndTheirGroupEmpty() throws IOException {
        Cli run = analyze("run", "--receivers", "off").done();
        assertThat(query("SELECT count(receiver_fai) AS n FROM traces")
                        .get(0)
                        .get("n")
                        .intValue())
                .isZero();
        assertThat(heads().get("receiver")).isEmpty();
        assertThat(run.err()).doesNotContain("warning");
    }

    @Test
    void responsesTooShortForReceiversGiveAWarning() {
        Path tooShort = TinyModel.traces(directory.resolve("short.jsonl"), 2, 2, 1);
        Cli run = Cli.upbeat("analyze", model, "--traces", tooShort, "--out", directory.resolve("run"))
                .done();
        assertThat(run.err()).contains("warning: no response is long enough to find receiver heads");
    }

    @Test
    void quietPrintsOnlyTheResult() {
        Cli loud = analyze("loud").done();
        Cli quiet = analyze("quiet", "--quiet").done();
        assertThat(quiet.err()).isEmpty();
        assertThat(quiet.out()).isEqualTo(loud.out().replace("loud", "quiet"));
    }

    @Test
    void aLimitReadsTheFirstRowsOnly() {
        Path broken = TinyModel.lines(
                directory.resolve("broken.jsonl"),
                TinyModel.row("a", new int[] {1, 2}, new int[] {3, 4, 5}),
                TinyModel.row("b", new int[] {1, 2}, new int[] {3, 4, 5}),
                "{broken");
        Cli.upbeat("analyze", model, "--traces", broken, "--limit", "2", "--out", directory.resolve("run"))
                .done();
        assertThat(query("SELECT id FROM traces").stream()
                        .map(row -> row.get("id").textValue()))
                .containsExactly("a", "b");
    }

    @Test
    void aTraceBeyondTheContextCanBeAllowed() {
        Path tooLong = TinyModel.traces(directory.resolve("long.jsonl"), 1, 4, 200);
        Cli.upbeat("analyze", model, "--traces", tooLong, "--beyond-context", "--out", directory.resolve("run"))
                .done();
        assertThat(query("SELECT len(waad) AS n FROM traces").get(0).get("n").intValue())
                .isEqualTo(200);
    }

    @Test
    void forceReplacesARunAndKeepsOtherFiles() throws IOException {
        analyze("run").done();
        Files.writeString(directory.resolve("run/notes.txt"), "mine");
        analyze("run", "--window", "5").refused("run", "is not empty", "--force");
        assertThat(config().get("window").intValue()).isEqualTo(10);
        analyze("run", "--window", "5", "--force").done();
        assertThat(config().get("window").intValue()).isEqualTo(5);
        assertThat(directory.resolve("run/notes.txt")).hasContent("mine");
        assertThat(Cli.names(directory)).containsExactly("run");
    }

    private Cli analyze(String run, String... options) {
        List<Object> args = new ArrayList<>(List.of("analyze", model, "--traces", traces));
        args.addAll(List.of("--out", directory.resolve(run)));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }

    private List<JsonNode> query(String sql) {
        return Cli.query(directory.resolve("run"), sql);
    }

    private List<String> columns(String table) {
        return query("DESCRIBE " + table).stream()
                .map(row -> row.get("column_name").textValue())
                .toList();
    }

    private JsonNode config() throws IOException {
        return new YAMLMapper().readTree(directory.resolve("run/config.yaml").toFile());
    }

    private JsonNode heads() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("run/heads.json").toFile());
    }
}
