package dev.upbeat.study.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.stats.PairedDifference;
import dev.upbeat.store.FileHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of runs that were never run: their outcomes are written by hand. */
class GridTableTest {
    private static final Settings NONE = Settings.NONE;

    @TempDir
    private static Path directory;

    private static GridConfig config(List<Long> seeds) throws IOException {
        Map<String, Settings> methods = new LinkedHashMap<>();
        List.of("uniform", "random", "coupled-rhythm")
                .forEach(name -> methods.put(name, new Settings(Map.of("credit.strategy", name))));
        return config(seeds, methods, "countdown", "countdown");
    }

    private static GridConfig config(List<Long> seeds, Map<String, Settings> methods, String task, String paper)
            throws IOException {
        Path base = Files.writeString(directory.resolve("base.yaml"), """
                kind: grpo
                model: nowhere
                task: {name: countdown}
                learn: {steps: 6, learning_rate: 1.0e-3}
                """);
        return new GridConfig(
                Path.of("grid.yaml"),
                base,
                NONE,
                Map.of(task, NONE),
                methods,
                seeds,
                List.of("uniform", "random"),
                List.of(Outcome.FINAL_ACCURACY, Outcome.MEAN_ACCURACY, Outcome.MEAN_REWARD),
                paper,
                0.1,
                Path.of("out"),
                Path.of("out/rows.jsonl"));
    }

    private static FinishedRun row(String method, long seed, double... accuracies) {
        List<Double> accuracy = new ArrayList<>();
        accuracy.add(0.1);
        accuracy.add(null);
        accuracy.add(0.5);
        accuracy.add((accuracies[0] + accuracies[1]) / 2);
        List<Double> reward = new ArrayList<>();
        reward.add(null);
        reward.addAll(List.of(0.2, 0.4, 0.6));
        return new FinishedRun(
                "countdown",
                method,
                seed,
                "inputs",
                "code0123456789",
                "commit",
                new FileHash("model", "hash"),
                Map.of(),
                "2.10.0",
                "cpu",
                1,
                "now",
                60.0,
                Map.of("eval/accuracy", accuracy, "reward", reward, FinishedRun.GAMMA, List.of(1.0, 1.2, 1.4)),
                accuracies,
                Map.of());
    }

    /** The row with other results, and without accuracies by problem. */
    private static FinishedRun with(
            FinishedRun row,
            @Nullable Double wallSeconds,
            Map<String, List<Double>> series,
            Map<String, double[]> benchmarkProblems) {
        return new FinishedRun(
                row.task(),
                row.method(),
                row.seed(),
                row.inputs(),
                row.code(),
                row.commit(),
                row.model(),
                row.config(),
                row.libtorch(),
                row.cpu(),
                row.threads(),
                row.createdAt(),
                wallSeconds,
                series,
                null,
                benchmarkProblems);
    }

    private static Map<GridRun, FinishedRun> rows() {
        Map<GridRun, FinishedRun> rows = new LinkedHashMap<>();
        double[][] coupled = {{1, 0.5}, {1, 1}, {0.5, 0.5}};
        double[][] uniform = {{0.5, 0.5}, {0.5, 0}, {0.5, 0.5}};
        for (int seed = 0; seed < 3; seed++) {
            rows.put(new GridRun("countdown", "uniform", seed), row("uniform", seed, uniform[seed]));
            rows.put(new GridRun("countdown", "coupled-rhythm", seed), row("coupled-rhythm", seed, coupled[seed]));
        }
        rows.put(new GridRun("countdown", "random", 1), row("random", 1, 0.5, 0.5));
        return rows;
    }

    @Test
    void outcomesFollowTheSeriesAndDifferencesPairBySeed() throws IOException {
        GridTable table = GridTable.of(config(List.of(0L, 1L, 2L)), rows());
        assertThat(table.done()).isEqualTo(7);
        assertThat(table.of()).isEqualTo(9);
        GridTable.Method coupled = table.tasks().get(0).methods().get(2);
        assertThat(coupled.meanGamma()).isCloseTo(1.2, within(1e-12));
        GridTable.Result accuracy = coupled.results().get(0);
        assertThat(accuracy.values()).containsExactly(0.75, 1, 0.5);
        assertThat(accuracy.paper()).isEqualTo(63.1);
        PairedDifference gain = Objects.requireNonNull(accuracy.differences().get("uniform"));
        // 0.25, 0.75, 0: mean 1/3, sd sqrt(7/48), t = 1.512 with 2 degrees of freedom
        assertThat(gain.mean().mean()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(gain.mean().sd()).isCloseTo(Math.sqrt(7 / 48.0), within(1e-12));
        assertThat(gain.tP()).isCloseTo(0.2697, within(5e-4));
        assertThat(gain.flipP()).isEqualTo(0.5);
        assertThat(gain.bootstrap().contains(1 / 3.0)).isTrue();
        assertThat(accuracy.differences())
                .as("one seed of random is no pair of seeds")
                .containsOnlyKeys("uniform");
        assertThat(coupled.results().get(1).values()[0])
                .as("step 0 does not count")
                .isEqualTo((0.5 + 0.75) / 2);
        assertThat(coupled.results().get(2).values()[0]).isCloseTo(0.4, within(1e-12));
    }

    /** Accuracies after the last step: easy of two problems, hard of four; step 0 has 0.1 and 0.2. */
    private static FinishedRun benchmarked(String method, long seed, double[] easy, double[] hard) {
        FinishedRun row = row(method, seed, 0, 0);
        double one = Arrays.stream(easy).average().orElseThrow();
        double other = Arrays.stream(hard).average().orElseThrow();
        Map<String, double[]> problems = new LinkedHashMap<>();
        problems.put("easy", easy);
        problems.put("hard", hard);
        return with(
                row,
                row.wallSeconds(),
                Map.of(
                        "reward",
                        Arrays.asList(null, one, other),
                        "eval/accuracy",
                        Arrays.asList(0.15, null, (one + other) / 2),
                        "eval/easy/accuracy",
                        Arrays.asList(0.1, null, one),
                        "eval/hard/accuracy",
                        Arrays.asList(0.2, 0.9, other)),
                problems);
    }

    private static Map<GridRun, FinishedRun> benchmarkedRows() {
        Map<GridRun, FinishedRun> rows = new LinkedHashMap<>();
        double[][][] uniform = {{{1, 0}, {0, 0, 1, 0}}, {{0, 0}, {1, 0, 1, 0}}};
        double[][][] coupled = {{{1, 1}, {0, 0, 1, 1}}, {{1, 0}, {1, 1, 1, 0}}};
        for (int seed = 0; seed < 2; seed++) {
            rows.put(
                    new GridRun("countdown", "uniform", seed),
                    benchmarked("uniform", seed, uniform[seed][0], uniform[seed][1]));
            rows.put(
                    new GridRun("countdown", "coupled-rhythm", seed),
                    benchmarked("coupled-rhythm", seed, coupled[seed][0], coupled[seed][1]));
        }
        return rows;
    }

    private static GridConfig benchmarks() throws IOException {
        GridConfig plain = config(List.of(0L, 1L));
        Settings tasks = Settings.of(
                List.of("eval.tasks=[{name: easy, task: math, data: e}, {name: hard, task: math, data: h}]"));
        return new GridConfig(
                plain.file(),
                plain.base(),
                tasks,
                plain.tasks(),
                plain.methods(),
                plain.seeds(),
                plain.baselines(),
                plain.outcomes(),
                null,
                plain.peak(),
                plain.out(),
                plain.rows());
    }

    /**
     * uniform: easy 0.5, 0; hard 0.25, 0.5; averages 0.375, 0.25. coupled-rhythm: easy 1, 0.5; hard 0.5, 0.75; averages 0.75,
     * 0.625.
     */
    @Test
    void benchmarksAreColumnsBeforeTheirPlainAverage() throws IOException {
        GridTable.Task task =
                GridTable.of(benchmarks(), benchmarkedRows()).tasks().get(0);
        assertThat(task.benchmarks()).containsExactly("easy", "hard");
        GridTable.Method uniform = task.methods().get(0);
        GridTable.Method coupled = task.methods().get(2);
        List<GridTable.Result> columns = coupled.columns(Outcome.FINAL_ACCURACY);
        assertThat(columns).extracting(GridTable.Result::mean).containsExactly(0.75, 0.625, 0.6875);
        assertThat(columns.get(1).values()).containsExactly(0.5, 0.75);
        assertThat(columns.get(1).deviation()).isCloseTo(Math.sqrt(2) / 8, within(1e-12));
        GridTable.Gain gain =
                columns.get(2).over(uniform.columns(Outcome.FINAL_ACCURACY).get(2));
        assertThat(gain.difference()).isCloseTo(0.375, within(1e-12));
        assertThat(gain.ratio()).isCloseTo(0.6875 / 0.3125 - 1, within(1e-12));
        PairedDifference first =
                Objects.requireNonNull(columns.get(0).differences().get("uniform"));
        assertThat(first.mean().mean()).isCloseTo(0.5, within(1e-12));
        PairedDifference average =
                Objects.requireNonNull(columns.get(2).differences().get("uniform"));
        assertThat(average.mean().mean()).isCloseTo(0.375, within(1e-12));
        assertThat(average.bootstrap().contains(0.375)).isTrue();
        assertThat(coupled.columns(Outcome.MEAN_ACCURACY).get(1).values())
                .as("mean of the evaluations after step 0")
                .containsExactly((0.9 + 0.5) / 2, (0.9 + 0.75) / 2);
        assertThat(coupled.columns(Outcome.MEAN_REWARD)).hasSize(1);
    }

    @Test
    void aGainCountsCommonSeedsOnly() {
        GridTable.Result one =
                new GridTable.Result(Outcome.FINAL_ACCURACY, new double[] {0.5, 0.9, Double.NaN}, null, null, Map.of());
        GridTable.Result other =
                new GridTable.Result(Outcome.FINAL_ACCURACY, new double[] {0.4, Double.NaN, 0.1}, null, null, Map.of());
        assertThat(one.over(other).difference()).isCloseTo(0.1, within(1e-12));
        assertThat(one.over(other).ratio()).isCloseTo(0.25, within(1e-12));
        assertThat(other.deviation()).isCloseTo(Math.sqrt(0.045), within(1e-12));
    }

    @Test
    void aRowWithBenchmarksIsReadBack(@TempDir Path rows) throws IOException {
        FinishedRun row = benchmarked("uniform", 0, new double[] {1, 0}, new double[] {0, 0, 1, 0});
        Path file = rows.resolve("rows.jsonl");
        new FinishedRuns(file).add(row);
        FinishedRun read = new FinishedRuns(file)
                .find(new RunIdentity("inputs", row.code()), false)
                .orElseThrow();
        assertThat(read).usingRecursiveComparison().isEqualTo(row);
        new FinishedRuns(file).add(row("random", 0, 1, 0));
        assertThat(Files.readAllLines(file).get(1)).doesNotContain("benchmark_accuracies");
    }

    @Test
    void thePapersNumbersAreFoundByTheNamesOfTasks() {
        assertThat(PaperResults.ofBenchmark("math-qwen3-4b-1k", "uniform", "math500"))
                .isEqualTo(74.2);
        assertThat(PaperResults.ofBenchmark("share", "uniform", "math500")).isEqualTo(77.1);
        assertThat(PaperResults.ofBenchmark("share", "uniform", "olympiadbench"))
                .isEqualTo(44.2);
        assertThat(PaperResults.ofBenchmark("llama3.2-3b", "uniform", "gsm8k")).isEqualTo(9.5);
        assertThat(PaperResults.ofBenchmark("share", "uniform", "mine")).isNull();
    }

    @Test
    void anInterruptedRunsRowIsReadBack(@TempDir Path rows) throws IOException {
        FinishedRun row = row("uniform", 0, 1, 0);
        FinishedRun bare = with(row, null, row.series(), Map.of());
        Path file = rows.resolve("rows.jsonl");
        new FinishedRuns(file).add(bare);
        assertThat(new FinishedRuns(file).find(new RunIdentity("inputs", row.code()), false))
                .contains(bare);
    }

    private static GridTable.Result result(String method, Settings settings, String task, String paper)
            throws IOException {
        GridConfig config = config(List.of(0L), Map.of("uniform", NONE, method, settings), task, paper);
        return GridTable.of(config, Map.of()).tasks().get(0).methods().stream()
                .filter(each -> each.name().equals(method))
                .findFirst()
                .orElseThrow()
                .results()
                .get(0);
    }

    private static Settings credit(String... words) {
        return Settings.of(List.of(words));
    }

    @Test
    void thePapersNumberIsShownForTheSameCreditOnly() throws IOException {
        Settings named = credit("credit.strategy=entropy-selection");
        assertThat(result("entropy-selection", named, "x", "math-qwen3-8b-1k").paper())
                .isEqualTo(40.9);
        GridTable.Result other =
                result("entropy-selection", named.plus(credit("credit.share=0.4")), "x", "math-qwen3-8b-1k");
        assertThat(other.paper()).isNull();
        assertThat(other.paperNote()).contains("40.9", "share 0.2");
        Settings critics = credit("credit.strategy=asyppo");
        assertThat(result("asyppo", critics, "x", "math-qwen3-8b-1k").paper()).isEqualTo(40.0);
        Settings faster = critics.plus(credit("credit.critic.learning_rate=0.001"));
        assertThat(result("asyppo", faster, "x", "math-qwen3-8b-1k").paperNote())
                .contains("40.0", "critic.layers third");
        assertThat(result("random", credit("credit.strategy=uniform"), "x", "countdown")
                        .paper())
                .as("another strategy by this name")
                .isNull();
        assertThat(result("share=0.2", credit("credit.strategy=coupled-rhythm", "credit.share=0.2"), "x", "share")
                        .paper())
                .isEqualTo(40.6);
    }

    @Test
    void contradictionsOfThePaperAreNotedBesideItsNumbers() throws IOException {
        String column = "math-qwen3-8b-1k";
        GridTable.Result lopti = result("lopti", credit("credit.strategy=lopti"), "x", column);
        assertThat(lopti.paper()).isNull();
        assertThat(lopti.paperNote()).contains("41.1", "Reweight+Lopti");
        assertThat(result("prob-reweight", credit("credit.strategy=prob-reweight"), "x", column)
                        .paper())
                .isNull();
        GridTable.Result correlation =
                result("token-correlation", credit("credit.strategy=token-correlation"), "x", column);
        assertThat(correlation.paper()).isEqualTo(37.4);
        assertThat(correlation.paperNote()).contains("37.4", "39.3");
        Settings middle = credit("credit.strategy=coupled-rhythm", "rhythm.layers=middle-third/5");
        assertThat(result("middle-third", middle, "AIME25", "layers").paper()).isEqualTo(5.8);
        assertThat(result("middle-third", middle, "AIME25", "layers").paperNote())
                .contains("5.8", "7.8", "38.8", "39.2");
    }
}
