package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
    private static final String QUESTION = "Using the numbers [15, 44, 79], create an equation that equals 50.";

    @TempDir
    Path directory;

    private Path model;

    @BeforeEach
    void writeAModel() {
        model = TinyModel.writeWithChatTemplate(directory.resolve("tiny"));
        TinyModel.enlargeContext(model, 1024);
    }

    @Test
    void theResultIsJsonWithARowForEachProblem() throws IOException {
        Cli run = eval("--limit", "3", "--max-new-tokens", "4").done();
        JsonNode result = run.rows().get(0);
        assertThat(run.rows()).hasSize(1);
        assertThat(result.get("task").textValue()).isEqualTo("countdown");
        assertThat(result.get("numbers").intValue())
                .as("as many as in training")
                .isEqualTo(3);
        assertThat(result.get("problems").intValue()).isEqualTo(3);
        assertThat(result.get("accuracy").doubleValue()).isZero();
        assertThat(result.get("low").doubleValue()).isZero();
        assertThat(result.get("high").doubleValue()).isBetween(0.5, 0.6); // Wilson: 3.84 / 6.84
        assertThat(result.get("interval").textValue()).isEqualTo("wilson");
        assertThat(result.get("cut_off_share").doubleValue()).isBetween(0.0, 1.0);
        assertThat(run.err())
                .startsWith("eval: ")
                .contains("answers 3 problems of countdown; into " + directory.resolve("run"))
                .contains("accuracy", "95 % interval", "eval.jsonl");

        List<JsonNode> rows = lines(directory.resolve("run/eval.jsonl"));
        assertThat(rows.stream().map(row -> row.get("id").textValue())).containsExactly("test-0", "test-1", "test-2");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("rewards")).hasSize(1);
            assertThat(row.get("reasons").get(0).textValue()).contains("no answer");
            assertThat(row.get("response_tokens").get(0).intValue()).isBetween(1, 4);
        });
        assertThat(Cli.names(directory.resolve("run"))).containsExactly("config.yaml", "eval.jsonl", "provenance.json");
    }

    @Test
    void severalSamplesGiveAvgAndPassAtK() throws IOException {
        Cli run = eval("--limit", "2", "--samples", "3", "--temperature", "1", "--max-new-tokens", "4", "--quiet")
                .done();
        JsonNode result = run.rows().get(0);
        assertThat(result.get("samples").intValue()).isEqualTo(3);
        assertThat(result.get("pass_at").fieldNames()).toIterable().containsExactly("1", "2", "3");
        assertThat(run.err()).isEmpty();
        assertThat(lines(directory.resolve("run/eval.jsonl")).get(0).get("responses"))
                .hasSize(3);
    }

    @Test
    void aFilesProblemsReplaceTheTasksOwn() throws IOException {
        Path data = TinyModel.lines(
                directory.resolve("data.jsonl"),
                "{\"id\": \"cd-0\", \"question\": \"" + QUESTION + "\", \"answer\": \"44-15=29,79-29=50\"}",
                "{\"id\": \"cd-1\", \"question\": \"6 44 37 > 75\"}",
                "{\"id\": \"cd-2\", \"question\": \"no puzzle, but beyond the limit\"}");
        eval("--data", data, "--limit", "2", "--max-new-tokens", "4").done();
        List<JsonNode> rows = lines(directory.resolve("run/eval.jsonl"));
        assertThat(rows.stream().map(row -> row.get("id").textValue())).containsExactly("cd-0", "cd-1");
        assertThat(rows.get(0).get("answer").textValue()).isEqualTo("{\"numbers\":[15,44,79],\"target\":50}");
    }

    @Test
    void benchmarksUseTheirPublishedProtocol() throws IOException {
        Path data = TinyModel.lines(
                directory.resolve("data.jsonl"), "{\"id\": \"q\", \"question\": \"2 + 2?\", \"answer\": \"4\"}");
        List<Object> args = List.of(
                "eval",
                model,
                "--task",
                "aime24",
                "--data",
                data,
                "--max-new-tokens",
                "2",
                "--out",
                directory.resolve("run"));
        JsonNode result = Cli.upbeat(args.toArray()).done().rows().get(0);
        assertThat(result.get("task").textValue()).isEqualTo("aime24");
        assertThat(result.get("samples").intValue()).isEqualTo(16);
        assertThat(result.get("temperature").doubleValue()).isEqualTo(1);
        List<Object> greedy = new ArrayList<>(args);
        greedy.addAll(List.of("--temperature", "0", "--force", "--prompt", "paper"));
        result = Cli.upbeat(greedy.toArray()).done().rows().get(0);
        assertThat(result.get("samples").intValue()).isEqualTo(1);
        assertThat(result.get("prompt").textValue()).isEqualTo("paper");
    }

    @Test
    void aTaskWithoutProblemsNeedsAFile() {
        Cli.upbeat("eval", model, "--task", "gsm8k").refused("task gsm8k has no built-in problems", "--data FILE");
        Cli.upbeat("eval", model, "--task", "gsm8k", "--numbers", "3", "--data", directory.resolve("none"))
                .refused("--numbers");
        eval("--prompt", "papr").refused("prompt papr", "{question}");
    }

    @Test
    void aSeedGivesTheSameAnswers() throws IOException {
        List<Object> options = List.of("--limit", "2", "--temperature", "1", "--max-new-tokens", "8", "--seed", "3");
        eval(options.toArray()).done();
        List<JsonNode> rows = lines(directory.resolve("run/eval.jsonl"));
        List<Object> again = new ArrayList<>(options);
        again.add("--force");
        eval(again.toArray()).done();
        assertThat(lines(directory.resolve("run/eval.jsonl"))).isEqualTo(rows);
    }

    @Test
    void badOptionsAreRefusedBeforeAnythingIsWritten() {
        Cli.upbeat("eval", model, "--task", "cuntdown").refused("task cuntdown", "(countdown?)", "gsm8k");
        eval("--samples", "4").refused("samples 4", "temperature 0");
        eval("--samples", "0").refused("samples 0", "at least 1");
        eval("--numbers", "2").refused("numbers 2", "3 to 6");
        eval("--limit", "0").refused("--limit 0");
        eval("--temperature", "-1").refused("temperature -1");
        eval("--data", directory.resolve("none.jsonl")).refused("none.jsonl: no such file");
        eval("--data", directory.resolve("none.jsonl"), "--numbers", "3").refused("--numbers", "--data");
        Path data = TinyModel.lines(directory.resolve("d.jsonl"), "{\"id\": \"q\", \"question\": \"2 + 2?\"}");
        eval("--data", data).refused("d.jsonl, line 1: row q is not a Countdown puzzle", "6 44 37 > 75");
        assertThat(Cli.names(directory)).containsExactly("d.jsonl", "tiny");
    }

    private Cli eval(Object... options) {
        List<Object> args =
                new ArrayList<>(List.of("eval", model, "--task", "countdown", "--out", directory.resolve("run")));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(new ObjectMapper().readTree(line));
        }
        return rows;
    }
}
