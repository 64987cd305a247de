package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.store.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrainCommandTest {
    @TempDir
    private static Path shared;

    private static Path sft;
    private static Path grpo;

    @BeforeAll
    static void makeAModel() throws IOException {
        sft = Files.writeString(shared.resolve("sft.yaml"), """
                kind: sft
                architecture: {layers: 3, hidden: 16, heads: 2, kv_heads: 1, head_dim: 8, mlp: 24, context: 160}
                task: {name: countdown, test: 4}
                learn: {steps: 4, batch: 4, learning_rate: 3.0e-3}
                validation: {every: 0}
                eval: {every: 0}
                out: %s
                """.formatted(shared.resolve("sft")));
        upbeat("train", sft, "--threads", 1, "--quiet").done();
        grpo = Files.writeString(
                shared.resolve("grpo.yaml"), """
                kind: grpo
                model: %s
                task: {name: countdown, train: 50, test: 4, format_reward: 0.5, length_penalty: 0.25, length_to: 200, length_from: 0}
                rollout: {prompts: 2, group: 4, max_new_tokens: 30}
                learn: {steps: 3, learning_rate: 1.0e-3}
                eval: {every: 0}
                out: %s
                """.formatted(shared.resolve("sft/checkpoint-4"), shared.resolve("grpo")));
    }

    @Test
    void aTrainingEndsWithATableAndAReport() {
        Path out = shared.resolve("whole");
        Cli done = upbeat("train", grpo, "out=" + out, "--threads", 1).done();
        assertThat(done.err()).contains("step 3: saving a checkpoint");
        assertThat(done.out()).contains("reward", "3 of 3 steps", "report: " + out.resolve("report.html"));
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        assertThat(Cli.names(out)).contains("checkpoint-3", "metrics.jsonl", "traces", "heads.json", "config.yaml");
        assertThat(Cli.query(out, "SELECT max(step) AS steps FROM metrics")
                        .get(0)
                        .path("steps")
                        .asInt())
                .isEqualTo(3);
        assertThat(Cli.query(out, "SELECT DISTINCT step, advantage IS NOT NULL AS has FROM traces ORDER BY step"))
                .isNotEmpty()
                .allMatch(row -> row.path("has").asBoolean());
    }

    @Test
    void aTrainingWithoutAGradientWarnsAndShowsItsTraces() throws IOException {
        Path out = shared.resolve("flat");
        Cli done = upbeat(
                        "train",
                        grpo,
                        "out=" + out,
                        "--threads",
                        1,
                        "task.format_reward=0",
                        "task.length_penalty=0",
                        "journal.traces=5")
                .done();
        assertThat(done.err()).containsOnlyOnce("equal rewards (frac_reward_zero_std 1), which gives no gradient");
        assertThat(done.out()).containsPattern("frac_reward_zero_std +1\\.000 +1\\.000\n");
        assertThat(Cli.query(out, "SELECT step, count(*) AS n FROM traces WHERE advantage = 0 GROUP BY step"))
                .hasSize(2) // the first and the last step
                .allMatch(row -> row.path("n").asInt() == 5);
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        assertThat(ReportBuilder.build(RunDirectory.open(out))
                        .data()
                        .runs()
                        .get(0)
                        .rows())
                .extracting(row -> row.trace().id())
                .containsExactly(
                        "1/0/0", "1/0/1", "1/0/2", "1/0/3", "1/1/0", "3/0/0", "3/0/1", "3/0/2", "3/0/3", "3/1/0");
    }

    @Test
    void aTrainingSaysAtOnceWhatItDoesAndWhere() {
        Path out = shared.resolve("announced");
        Cli done = upbeat("train", grpo, "out=" + out, "--threads", 1, "eval.every=3")
                .done();
        Path model = shared.resolve("sft/checkpoint-4");
        assertThat(done.err().lines())
                .containsSubsequence(
                        "train:  GRPO with coupled-rhythm credit, 3 steps of 2 prompts x 4 responses",
                        "model:  " + model,
                        "data:   task countdown, problems that it generates",
                        "out:    " + out + ", a new run",
                        "loading " + model,
                        "step 0: evaluating on 4 held-out problems");
        Cli resumed = upbeat("train", grpo, "out=" + out, "--threads", 1, "eval.every=3", "learn.steps=4", "--resume")
                .done();
        assertThat(resumed.err().lines())
                .containsSubsequence(
                        "out:    " + out + ", continued from checkpoint-3",
                        "resuming from " + out.resolve("checkpoint-3"));
        assertThat(done.out()).contains("steps 1 to 3").contains("completions/clipped_ratio");
        assertThat(resumed.out()).contains("steps 4 to 4").contains("4 of 4 steps, in " + out);
        assertThat(upbeat("train", grpo, "out=" + out, "--dry-run", "eval.every=3", "learn.steps=9", "--resume")
                        .done()
                        .out())
                .contains("The run in " + out + " would go on after step 4, to step 9");
        upbeat("train", grpo, "out=" + out, "--dry-run", "eval.every=3", "seed=7", "--resume")
                .refused("now it is 7");
        assertThat(upbeat("train", grpo, "out=" + out, "--dry-run")
                        .refused("is not empty")
                        .err())
                .doesNotContain("a new run");
    }

    @Test
    void aDryRunChecksEverythingAndWritesNothing() throws IOException {
        Path out = shared.resolve("dry/run");
        Cli dry = upbeat("train", grpo, "out=" + out, "--dry-run").done();
        assertThat(dry.out())
                .contains("weights in 3 layers, context 160", "4 generated held-out problems", "to step 3");
        assertThat(upbeat("train", sft, "out=" + out, "--dry-run").done().out())
                .contains("weights in 3 layers, context 160", "to step 4");
        Path rows = shared.resolve("rows.jsonl");
        Files.writeString(rows, "{\"question\": \"1 2 3 > 6\"}\n".repeat(2) + "{\"question\": 7}\n");
        upbeat("train", grpo, "out=" + out, "--dry-run", "task.data=" + rows, "task.test=1")
                .refused("line 3: question is 7");
        upbeat("train", grpo, "out=" + out, "--dry-run", "rhythm.layers=99").refused("rhythm.layers is 99");
        upbeat("train", grpo, "out=" + out, "--dry-run", "model=" + shared.resolve("none"))
                .refused("none does not exist");
        assertThat(shared.resolve("dry")).doesNotExist();
    }

    @Test
    void aDryRunWithoutTheModelChecksTheRows() throws IOException {
        Path out = shared.resolve("dry/run");
        Path rows = shared.resolve("hub-rows.jsonl");
        String task = "task.data=" + rows;
        Files.writeString(rows, "{\"question\": \"1 2 3 > 6\"}\n{\"question\": \"1 2 4 > 7\"}\n");
        String hub = "model=nobody/nothing";
        Cli dry = upbeat("train", grpo, "out=" + out, "--dry-run", hub, task, "task.test=1")
                .done();
        assertThat(dry.out())
                .contains("task: 1 given held-out problems", "not checked: the model nobody/nothing, which is not on");
        Files.writeString(rows, "{\"question\": \"1 2 3 > 6\"}\n{\"question\": \"What?\"}\n");
        upbeat("train", grpo, "out=" + out, "--dry-run", hub, task, "task.test=1")
                .refused("hub-rows.jsonl, line 2: row row-2 is not a Countdown puzzle");
        assertThat(shared.resolve("dry")).doesNotExist();
    }

    @Test
    void theTableBeginsWithTheEvaluationBeforeTraining() throws IOException {
        Path out = shared.resolve("evaluated");
        String table = upbeat("train", grpo, "out=" + out, "--threads", 1, "eval.every=3", "learn.learning_rate=0.1")
                .done()
                .out();
        List<String> accuracies = Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("eval/accuracy"))
                .map(line -> line.replaceAll(".*\"eval/accuracy\":([^,}]*).*", "$1"))
                .toList();
        assertThat(accuracies).hasSize(2);
        assertThat(table)
                .contains(String.format(
                        Locale.ROOT,
                        "%-26s %12.4g %12.4g",
                        "eval/accuracy",
                        Double.valueOf(accuracies.get(0)),
                        Double.valueOf(accuracies.get(1))));
    }

    @Test
    void eachBenchmarkHasARowInTheTable() throws IOException {
        Path rows = shared.resolve("benchmark.jsonl");
        Files.writeString(rows, "{\"question\": \"1 2 3 > 6\"}\n{\"question\": \"2 3 4 > 9\"}\n");
        Path out = shared.resolve("benchmarks");
        String tasks = "eval.tasks=[{name: two, task: countdown, data: " + rows + "}, {name: own, data: held-out}]";
        Cli trained = upbeat("train", grpo, "out=" + out, "--threads", 1, "eval.every=3", tasks)
                .done();
        assertThat(trained.out()).contains("eval/accuracy ", "eval/two/accuracy ", "eval/own/accuracy ");
        assertThat(trained.err()).containsPattern("step 0: held-out accuracy .*% \\(two .*%, own .*%\\)");
        assertThat(trained.err()).contains("benchmark " + rows + " (2 rows)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"random", "coupled-rhythm", "local-chunk", "global-anchor", "high-entropy", "path-aggregation"})
    void trainingsWeightsEqualThoseOfTheCreditCommand(String strategy) throws IOException {
        Path out = shared.resolve("weights-" + strategy);
        upbeat(
                        "train",
                        grpo,
                        "out=" + out,
                        "--threads",
                        1,
                        "credit.strategy=" + strategy,
                        "seed=5",
                        "journal.traces_every=1")
                .done();
        Path traces = out.resolve("traces/step-000002.parquet");
        List<JsonNode> given = (strategy.equals("random")
                        ? upbeat("credit", "--strategy", strategy, "--traces", traces, "--seed", 5)
                        : upbeat("credit", "--strategy", strategy, "--traces", traces))
                .done()
                .rows();
        List<JsonNode> used =
                Cli.query(out, "SELECT id, gamma FROM traces WHERE step = 2 AND gamma IS NOT NULL ORDER BY id");
        assertThat(used)
                .filteredOn(row -> row.get("gamma").size() > 12) // shorter ones have no token with an FAI
                .isNotEmpty()
                .allMatch(row -> row.get("gamma").toString().contains("1.5"));
        assertThat(given.stream()
                        .sorted(Comparator.comparing(row -> row.path("id").asText())))
                .extracting(row -> row.get("gamma"))
                .isEqualTo(used.stream().map(row -> row.get("gamma")).toList());
    }

    @Test
    void aBadConfigurationIsRefusedBeforeAnythingIsWritten() {
        Path out = shared.resolve("never");
        upbeat("train", grpo, "out=" + out, "credit.share=1.5").refused("credit.share is 1.5", "above 0 and at most 1");
        upbeat("train", grpo, "out=" + out, "credit.shares=1").refused("no key credit.shares", "credit.share");
        upbeat("train", grpo, "out=" + out, "rhythm.layers=99").refused("rhythm.layers is 99", "0 to 2");
        upbeat("train", shared.resolve("none.yaml")).refused("no such file");
        upbeat("train", grpo, "out=" + shared).refused("is not empty");
        upbeat("train", sft, "out=" + out, "data=nope.jsonl").refused("nope.jsonl: no such file");
        upbeat("train", sft, "out=" + out, "data=" + shared).refused(shared + ": is a directory");
        assertThat(out).doesNotExist();
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "needs GNU env: where tests run in the background SIGINT is ignored")
    void anInterruptedTrainingFinishesItsStepAndCanGoOn() throws Exception {
        Path out = shared.resolve("interrupted");
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("train", "" + grpo, "out=" + out, "learn.steps=100000", "--threads", "1"));
        Process process = new ProcessBuilder(command)
                .redirectError(shared.resolve("err").toFile())
                .start();
        try {
            while (process.isAlive() && !Files.exists(out.resolve("metrics.jsonl"))) {
                Thread.sleep(10);
            }
            // the shell's own kill: a bare Debian has no other
            new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
            assertThat(process.waitFor())
                    .as(Files.readString(shared.resolve("err")))
                    .isEqualTo(ExitCode.INTERRUPTED);
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .as("what it prints is not lost")
                    .contains("stopped after", "continue with --resume", "report: " + out.resolve("report.html"));
        } finally {
            process.destroyForcibly();
        }
        long steps = Files.readString(out.resolve("metrics.jsonl")).lines().count();
        assertThat(Cli.names(out)).contains("checkpoint-" + steps);
        upbeat("train", grpo, "out=" + out, "learn.steps=100000", "seed=1", "--resume")
                .refused("seed 0", "now it is 1");
    }

    @Test
    void aStepCanBeTimedOnAnyModel() {
        Path model = TinyModel.write(shared.resolve("tiny"));
        Cli done = upbeat(
                        "bench",
                        "step",
                        model,
                        "--prompts",
                        2,
                        "--group",
                        2,
                        "--prompt-tokens",
                        20,
                        "--new-tokens",
                        20,
                        "--runs",
                        1,
                        "--threads",
                        1)
                .done();
        assertThat(done.rows().get(0).path("step_s").doubleValue()).isPositive();
        assertThat(done.rows().get(0).fieldNames())
                .toIterable()
                .contains("rollout_s", "observe_s", "metrics_s", "update_s", "peak_rss_mb");
        upbeat("bench", "step", model, "--group", 1).refused("--group 1", "at least 2");
        upbeat("bench", "step", model, "--prompt-tokens", 90, "--new-tokens", 90)
                .refused("context of 96");
        upbeat("bench", "step", model, "--credit", "magic").refused("no strategy 'magic'");
    }
}
