package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static dev.upbeat.app.cli.LocalService.JSON;
import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service gives the numbers of the commands, to the bit, because each request is alone in its batch. */
class ServeCreditTest {
    private static final int VOCABULARY = 123;
    private static final String[] ROWS = LocalService.randomRows(7, 6, VOCABULARY);

    @TempDir
    private static Path directory;

    private static LocalService service;
    private static Path rl;
    private static Path traces;

    @BeforeAll
    static void measure() throws IOException {
        traces = directory.resolve("traces.jsonl");
        Files.writeString(traces, String.join("\n", ROWS) + "\n");
        rl = analyze("rl", "--preset", "rl", "--columns", "path_flow,hidden_cosine");
        service = LocalService.of(LocalService.COUNTDOWN);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Path analyze(String name, Object... options) {
        Path run = directory.resolve(name);
        List<Object> args = new ArrayList<>(
                List.of("analyze", LocalService.COUNTDOWN, "--traces", traces, "--out", run, "--dtype", "f32"));
        args.addAll(List.of(options));
        upbeat(args.toArray()).done();
        return run;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uniform",
                "random",
                "high-entropy",
                "local-chunk",
                "global-anchor",
                "coupled-rhythm",
                "entropy-selection",
                "prob-reweight",
                "path-aggregation",
                "token-correlation"
            })
    void gammaIsThatOfTheCommands(String strategy) {
        List<JsonNode> expected =
                upbeat("credit", "--strategy", strategy, "--traces", rl).done().rows();
        JsonNode credits = service.answer("/v1/credit", "{\"strategy\": \"" + strategy + "\", " + traces(ROWS) + "}")
                .path("credits");
        assertThat(credits).isEqualTo(JSON.valueToTree(expected));
    }

    @Test
    void loptiHasPhasesInPlaceOfGamma() {
        List<JsonNode> expected =
                upbeat("credit", "--strategy", "lopti", "--traces", rl).done().rows();
        JsonNode credits = service.answer("/v1/credit", "{\"strategy\": \"lopti\", " + traces(ROWS) + "}")
                .path("credits");
        for (int i = 0; i < ROWS.length; i++) {
            assertThat(credits.get(i).path("phases")).isEqualTo(expected.get(i).path("phases"));
            assertThat(credits.get(i).has("gamma")).isFalse();
        }
    }

    @Test
    void optionsSeedAndStepAreThoseOfTheCommand() throws IOException {
        Path measured = directory.resolve("step.jsonl");
        List<JsonNode> rows = Cli.query(rl, "SELECT id, response_ids, 5 AS step FROM traces");
        Files.writeString(
                measured,
                String.join("\n", rows.stream().map(JsonNode::toString).toList()));
        List<JsonNode> expected = upbeat(
                        "credit", "--strategy", "random", "--share", "0.2", "--seed", "9", "--traces", measured)
                .done()
                .rows();
        JsonNode credits = service.answer(
                        "/v1/credit",
                        "{\"strategy\": \"random\", \"options\": {\"share\": 0.2}, \"seed\": 9, \"step\": 5, "
                                + traces(ROWS) + "}")
                .path("credits");
        assertThat(credits).isEqualTo(JSON.valueToTree(expected));
    }

    @Test
    void seriesAreThoseOfAnalyze() throws IOException {
        Path run = analyze("all");
        JsonNode answer = service.answer("/v1/observe", "{\"rhythm\": {\"preset\": \"none\"}, " + traces(ROWS) + "}");
        List<JsonNode> expected =
                Cli.query(run, "SELECT id, log_prob, entropy_nats, waad, fai, receiver_fai FROM traces");
        assertThat(answer.path("observations")).isEqualTo(JSON.valueToTree(expected));
        assertThat(answer.path("groups"))
                .isEqualTo(JSON.readTree(run.resolve("heads.json").toFile()));
    }

    @Test
    void givenGroupsAreThoseOfHeads() throws IOException {
        Path heads = rl.resolve("heads.json");
        Path run = directory.resolve("fixed");
        Path one = directory.resolve("one.jsonl");
        Files.writeString(one, ROWS[2]);
        upbeat(
                        "analyze",
                        LocalService.COUNTDOWN,
                        "--traces",
                        one,
                        "--heads",
                        heads,
                        "--horizon",
                        "10:100",
                        "--out",
                        run,
                        "--dtype",
                        "f32")
                .done();
        JsonNode answer = service.answer(
                "/v1/observe",
                "{\"groups\": " + Files.readString(heads) + ", \"columns\": [\"waad\", \"fai\"], " + traces(ROWS[2])
                        + "}");
        assertThat(answer.path("observations"))
                .isEqualTo(JSON.valueToTree(Cli.query(run, "SELECT id, waad, fai FROM traces")));
    }

    @Test
    void receiversAndNegativeAmplificationAreThoseOfTheCommand() throws IOException {
        Path run = analyze("receivers", "--preset", "rl");
        Path measured = directory.resolve("negative.jsonl");
        List<JsonNode> rows = Cli.query(run, "SELECT id, receiver_fai, -1 AS advantage FROM traces");
        Files.writeString(
                measured,
                String.join("\n", rows.stream().map(JsonNode::toString).toList()));
        List<JsonNode> expected = upbeat(
                        "credit",
                        "--strategy",
                        "global-anchor",
                        "--heads",
                        "receivers",
                        "--amplification-negative",
                        "2",
                        "--traces",
                        measured)
                .done()
                .rows();
        String[] negative = Arrays.stream(ROWS)
                .map(row -> row.replace("}", ", \"advantage\": -1}"))
                .toArray(String[]::new);
        String options = "{\"strategy\": \"global-anchor\", \"options\": {\"heads\": \"receivers\","
                + " \"amplification_negative\": 2}, ";
        JsonNode credits =
                service.answer("/v1/credit", options + traces(negative) + "}").path("credits");
        assertThat(credits).isEqualTo(JSON.valueToTree(expected));
    }

    @Test
    void advantagesDecideWhereASignIsGiven() {
        String positive = ROWS[0].replace("}", ", \"advantage\": 0.5}");
        String negative = ROWS[1].replace("}", ", \"advantage\": -0.5}");
        JsonNode credits = service.answer(
                        "/v1/credit",
                        "{\"strategy\": \"constant\", \"options\": {\"gamma\": 2, \"sign\": \"positive\"}, "
                                + traces(positive, negative) + "}")
                .path("credits");
        assertThat(credits.get(0).path("gamma").get(0).doubleValue()).isEqualTo(2);
        assertThat(credits.get(1).path("gamma").get(0).doubleValue()).isEqualTo(1);
    }
}
