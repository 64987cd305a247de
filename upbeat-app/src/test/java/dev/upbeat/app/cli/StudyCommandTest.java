package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The studies end to end on a tiny model. */
class StudyCommandTest {
    @TempDir
    static Path shared;

    private static Path model;
    private static Path prompts;

    @TempDir
    Path directory;

    @BeforeAll
    static void writeAModelAndPrompts() {
        model = TinyModel.writeWithTokenizer(shared.resolve("tiny"));
        prompts = TinyModel.lines(
                shared.resolve("questions.jsonl"),
                "{\"id\": \"a\", \"prompt\": \"one and two\"}",
                "{\"id\": \"b\", \"prompt\": \"three\"}",
                "{\"id\": \"c\", \"prompt\": \"four or five\"}");
    }

    private static Cli study(Object... args) {
        List<Object> all = new ArrayList<>(List.of("study"));
        all.addAll(List.of(args));
        return Cli.upbeat(all.toArray());
    }

    private JsonNode json(String study) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(study + "/study.json").toFile());
    }

    @Test
    void linkageLeavesItsFilesAndTheRunsBehindThem() throws IOException {
        Path out = directory.resolve("s");
        Cli run = study(
                        "linkage",
                        model,
                        "--prompts",
                        prompts,
                        "--by",
                        "layers",
                        "--max-new-tokens",
                        60,
                        "--shuffles",
                        1000,
                        "--out",
                        out)
                .done();
        assertThat(run.err()).startsWith("study linkage: 3 prompts to tiny; into " + out);
        assertThat(run.out())
                .contains(
                        "only 3 responses, which makes it too narrow",
                        "predictor alignment",
                        "None is corrected",
                        "do not show that peaks of either kind cause anything",
                        "report: ");
        assertThat(Cli.names(directory)).containsExactly("s");
        assertThat(Cli.names(out)).containsExactly("figures", "report.html", "runs", "study.json", "study.md");
        JsonNode file = json("s");
        assertThat(file.get("command").textValue())
                .startsWith("upbeat study linkage ")
                .contains("--by layers");
        assertThat(file.at("/runs/runs~1tiny-questions/model/sha256").textValue())
                .hasSize(64);
        assertThat(Cli.query(
                        out.resolve("runs/tiny-questions"),
                        "SELECT count(*) AS n, count(waad_predictor) AS w FROM tokens"))
                .allSatisfy(row -> assertThat(row.get("w").intValue())
                        .isEqualTo(row.get("n").intValue())
                        .isPositive());
        assertThat(out.resolve("report.html")).content().contains("runs/tiny-questions/report.html#trace=2");
    }

    @Test
    void linkageMeasuresExistingResponsesAsAnalyzeDoes() throws IOException {
        Path run = directory.resolve("run");
        Cli.upbeat("analyze", model, "--prompts", prompts, "--max-new-tokens", 60, "--window", 5, "--out", run)
                .done();
        Path traces = run.resolve("traces.parquet");
        study(
                        "linkage",
                        model,
                        "--traces",
                        traces,
                        "--window",
                        5,
                        "--heads",
                        run.resolve("heads.json"),
                        "--shuffles",
                        1000,
                        "--out",
                        directory.resolve("s"))
                .done();
        Path measured = directory.resolve("s/runs/tiny-traces");
        String series = "SELECT waad, fai, receiver_fai FROM tokens ORDER BY trace_id, position";
        List<JsonNode> given = Cli.query(run, series);
        List<JsonNode> again = Cli.query(measured, series);
        assertThat(again).hasSameSizeAs(given);
        for (int t = 0; t < given.size(); t++) {
            for (String name : List.of("waad", "fai", "receiver_fai")) {
                assertThat(again.get(t).get(name).doubleValue())
                        .as("%s of token %d", name, t)
                        .isCloseTo(given.get(t).get(name).doubleValue(), within(1e-4));
            }
        }
        assertThat(Files.readString(measured.resolve("config.yaml")))
                .contains("traces: ", "window: 5", "heads: ")
                .doesNotContain("temperature");
        assertThat(json("s").get("linkages").findValuesAsText("alignment")).contains("token", "predictor");
        study("linkage", model, "--traces", traces, "--temperature", 1).refused("--temperature", "--traces");
        study("linkage", model, "--traces", traces, "--prompt", "paper").refused("--prompt", "--traces");
        study("linkage", model, "--traces", traces, "--by", "layers", "--heads", run.resolve("heads.json"))
                .refused("--by layers", "--heads");
        study("linkage", model, "--traces", traces, "--rho", 0.2, "--heads", run.resolve("heads.json"))
                .refused("--rho 0.2 selects heads", "--heads");
    }

    @Test
    void aSampleIsDrawnBySeedAndItsIdsAreRecorded() throws IOException {
        Path file = TinyModel.lines(
                directory.resolve("nine.jsonl"),
                IntStream.range(0, 9)
                        .mapToObj(i -> "{\"id\": \"q" + i + "\", \"prompt\": \"" + i + "\"}")
                        .toArray(String[]::new));
        Object[] args = {
            "linkage", model, "--prompts", file, "--sample", 4, "--max-new-tokens", 40, "--shuffles", 1000, "--out"
        };
        List<Object> all = new ArrayList<>(List.of(args));
        all.add(directory.resolve("s"));
        study(all.toArray()).done();
        List<String> ids = new ArrayList<>();
        json("s").at("/runs/runs~1tiny-nine/config/sample_ids").forEach(id -> ids.add(id.textValue()));
        assertThat(ids).hasSize(4).isSorted();
        assertThat(Cli.query(directory.resolve("s/runs/tiny-nine"), "SELECT id FROM traces").stream()
                        .map(row -> row.get("id").textValue()))
                .isEqualTo(ids);
        assertThat(directory.resolve("s/runs/tiny-nine/config.yaml")).content().contains("sample: 4", ids.get(3));
        study("linkage", model, "--prompts", file, "--sample", 10, "--out", directory.resolve("t"))
                .refused("--sample 10", "has 9 rows");
        study("perturbation", model, "--prompts", file, "--sample", 2, "--limit", 2)
                .refused("--limit 2 and --sample 2 both choose rows");
        Cli.upbeat("analyze", model, "--prompts", file, "--sample", 2, "--limit", 2)
                .refused("--limit 2 and --sample 2 both choose rows");
    }

    @Test
    void severalModelsAndPromptFilesStandSideBySide() {
        Path other = TinyModel.writeWithTokenizer(directory.resolve("models/tiny"));
        study(
                        "linkage",
                        model,
                        other,
                        "--prompts",
                        prompts + "," + prompts,
                        "--max-new-tokens",
                        40,
                        "--shuffles",
                        1000,
                        "--out",
                        directory.resolve("s"))
                .done();
        assertThat(Cli.names(directory.resolve("s/runs")))
                .containsExactly("tiny-questions", "tiny-questions-2", "tiny-questions-3", "tiny-questions-4");
    }

    @Test
    void perturbationComparesEveryCriterionAtEveryHorizon() throws IOException {
        Cli run = study(
                        "perturbation",
                        model,
                        "--prompts",
                        prompts,
                        "--max-new-tokens",
                        60,
                        "--positions",
                        2,
                        "--alternatives",
                        2,
                        "--horizons",
                        "8,end",
                        "--time-alone",
                        6,
                        "--out",
                        directory.resolve("s"))
                .done();
        assertThat(run.out())
                .contains(
                        "High FAI against low FAI (to the end)",
                        "95% t interval",
                        "None is corrected",
                        "times as long");
        JsonNode file = json("s");
        assertThat(file.get("comparisons")).as("six pairs, two horizons").hasSize(12);
        assertThat(file.get("problems")).isNotEmpty();
        JsonNode position = file.at("/problems/0/positions/0");
        assertThat(position.get("alternatives")).hasSize(2);
        assertThat(position.at("/alternatives/0/jaccard")).hasSize(2);
        assertThat(file.at("/speed/ratio").doubleValue()).isPositive();
        assertThat(directory.resolve("s/figures/differences.svg")).exists();
        assertThat(directory.resolve("s/study.md")).content().contains("| 0.534 | 0.631 | 87.1% |");
    }

    @Test
    void aTaskCountsTheAnswersThatChange() throws IOException {
        Path file = TinyModel.lines(
                directory.resolve("answers.jsonl"),
                "{\"id\": \"a\", \"prompt\": \"one\", \"answer\": \"1\"}",
                "{\"id\": \"b\", \"prompt\": \"two\"}");
        Cli run = study(
                        "perturbation",
                        model,
                        "--prompts",
                        file,
                        "--task",
                        "math",
                        "--words",
                        "whitespace",
                        "--shortest-correct",
                        "--max-new-tokens",
                        60,
                        "--positions",
                        2,
                        "--alternatives",
                        2,
                        "--horizons",
                        "8,end",
                        "--out",
                        directory.resolve("s"))
                .done();
        assertThat(run.out()).contains("Changed answers");
        JsonNode file1 = json("s");
        assertThat(file1.at("/settings/words").textValue()).isEqualTo("WHITESPACE");
        assertThat(file1.at("/problems/0").has("answer")).isTrue();
        assertThat(file1.at("/problems/0/positions/0/alternatives/0").has("answer_changed"))
                .isTrue();
        assertThat(directory.resolve("s/study.md"))
                .content()
                .contains("words between white space", "## Changed answers (section 4.1)");
    }

    @Test
    void theSameSeedGivesTheSameStudy() throws IOException {
        for (String name : List.of("one", "two")) {
            study(
                            "perturbation",
                            model,
                            "--prompts",
                            prompts,
                            "--max-new-tokens",
                            50,
                            "--positions",
                            2,
                            "--alternatives",
                            2,
                            "--horizons",
                            "8",
                            "--out",
                            directory.resolve(name))
                    .done();
        }
        assertThat(json("one").get("problems")).isEqualTo(json("two").get("problems"));
        assertThat(json("one").get("comparisons")).isEqualTo(json("two").get("comparisons"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            linkage      | --shuffles 10      | 10 shuffles        | at least 1000
            linkage      | --peak-share 2     | peak share 2 | at most 1
            linkage      | --limit 0          | --limit 0          | at least 1
            linkage      | --rho 0.9          | --rho 0.9          | 0.5
            linkage      | --horizon 5:1      | --horizon 5:1      | LO:HI
            linkage      | --by heads         | expected layers    | 'heads'
            perturbation | --horizons 0       | --horizons 0       | 32,64,128,end
            perturbation | --horizons x       | --horizons x       | or end
            perturbation | --task zebralogic  | --task zebralogic  | gsm8k
            perturbation | --task math --horizons 8 | --task math  | add end to --horizons
            perturbation | --shortest-correct | --shortest-correct | --task NAME
            perturbation | --shortest-correct --task math | no row of | final_answer
            perturbation | --words loud       | content            | 'loud'
            perturbation | --positions 0      | 0 positions        | at least 1
            perturbation | --criteria loud    | high_fai           | 'loud'
            perturbation | --max-new-tokens 0 | max-new-tokens 0   | at least 1
            """)
    void unusableInputIsReportedBeforeTheModelIsLoaded(String study, String option, String given, String expected) {
        List<Object> args = new ArrayList<>(
                List.of(study, directory.resolve("no-model"), "--prompts", prompts, "--out", directory.resolve("s")));
        args.addAll(List.of(option.split(" ")));
        study(args.toArray()).refused(given, expected);
        assertThat(Cli.names(directory)).isEmpty();
    }

    @Test
    void aStudyThatFailsLeavesNothing() {
        Path file = TinyModel.lines(
                directory.resolve("long.jsonl"), "{\"id\": \"a\", \"prompt\": \"" + "x".repeat(200) + "\"}");
        study("linkage", model, "--prompts", file, "--out", directory.resolve("deep/s"))
                .refused("200 tokens", "context");
        // told by what was generated: a log has had its first line, and a warning of responses cut off, by then
        Cli run = study(
                "perturbation", model, "--prompts", prompts, "--max-new-tokens", 8, "--out", directory.resolve("s"));
        assertThat(run.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err().lines()).last(STRING).startsWith("upbeat: no response has the 10 tokens");
        assertThat(Cli.names(directory)).containsExactly("long.jsonl");
    }

    @Test
    void anExistingDirectoryIsKept() throws IOException {
        Files.createDirectories(directory.resolve("s"));
        Files.writeString(directory.resolve("s/mine"), "mine");
        study("linkage", model, "--prompts", prompts, "--out", directory.resolve("s"))
                .refused("not empty", "--force");
        assertThat(directory.resolve("s/mine")).hasContent("mine");
    }
}
