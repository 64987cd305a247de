package dev.upbeat.app.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.store.FileHash;
import dev.upbeat.study.grid.FinishedRun;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridRun;
import dev.upbeat.study.grid.GridStudy;
import dev.upbeat.study.grid.GridTable;
import dev.upbeat.study.grid.Outcome;
import dev.upbeat.study.grid.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of runs that were never run: their outcomes are written by hand. */
class GridReportTest {
    private static final Settings NONE = new Settings(Map.of());

    @TempDir
    private static Path directory;

    private static GridConfig config(List<Long> seeds, String task, String paper, String... strategies)
            throws IOException {
        Path base = Files.writeString(directory.resolve("base.yaml"), """
                kind: grpo
                model: nowhere
                task: {name: countdown}
                learn: {steps: 6, learning_rate: 1.0e-3}
                """);
        Map<String, Settings> methods = new LinkedHashMap<>();
        for (String strategy : strategies) {
            methods.put(strategy, new Settings(Map.of("credit.strategy", strategy)));
        }
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
                directory.resolve("out"),
                directory.resolve("out/rows.jsonl"));
    }

    private static GridConfig countdown(List<Long> seeds) throws IOException {
        return config(seeds, "countdown", "countdown", "uniform", "random", "coupled-rhythm");
    }

    private static void add(Map<GridRun, FinishedRun> rows, String method, long seed, double... accuracies) {
        Map<String, List<Double>> series = Map.of(
                "eval/accuracy",
                Arrays.asList(0.1, null, 0.5, (accuracies[0] + accuracies[1]) / 2),
                "reward",
                Arrays.asList(null, 0.2, 0.4, 0.6),
                FinishedRun.GAMMA,
                List.of(1.0, 1.2, 1.4));
        rows.put(new GridRun("countdown", method, seed), run(method, seed, "inputs", series, accuracies));
    }

    private static FinishedRun run(
            String method, long seed, String inputs, Map<String, List<Double>> series, double... accuracies) {
        return new FinishedRun(
                "countdown",
                method,
                seed,
                inputs,
                "code0123456789",
                "commit",
                new FileHash("model", "hash"),
                Map.of(),
                "2.10.0",
                "cpu",
                1,
                "now",
                60.0,
                series,
                accuracies,
                Map.of());
    }

    private static Map<GridRun, FinishedRun> rows() {
        Map<GridRun, FinishedRun> rows = new LinkedHashMap<>();
        double[][] coupled = {{1, 0.5}, {1, 1}, {0.5, 0.5}};
        double[][] uniform = {{0.5, 0.5}, {0.5, 0}, {0.5, 0.5}};
        for (int seed = 0; seed < 3; seed++) {
            add(rows, "uniform", seed, uniform[seed]);
            add(rows, "coupled-rhythm", seed, coupled[seed]);
        }
        add(rows, "random", 1, 0.5, 0.5);
        return rows;
    }

    private static GridStudy study(GridConfig config, Map<GridRun, FinishedRun> rows) throws IOException {
        return new GridStudy(config, "upbeat study grid", GridTable.of(config, rows), config.credits(), rows, Map.of());
    }

    @Test
    void aReportOfRunsThatAreHalfDoneSaysSo() throws IOException {
        StudyReport report = GridReport.of(study(countdown(List.of(0L, 1L, 2L)), rows()));
        assertThat(report.findings().get(0)).startsWith("7 of 9 runs are done");
        assertThat(String.join("\n", report.findings())).contains("exclude 0", "do not cover other models");
        assertThat(report.sections()).hasSize(6);
        StudyReport empty = GridReport.of(study(countdown(List.of(7L)), Map.of()));
        assertThat(empty.findings()).anyMatch(finding -> finding.startsWith("No comparison is possible yet"));
    }

    @Test
    void methodsWithIdenticalRunsAreNamedWithTheReason() throws IOException {
        Map<GridRun, FinishedRun> rows = new LinkedHashMap<>();
        addEqual(rows, "uniform", 0, "inputs", 0.5);
        addEqual(rows, "random", 0, "inputs", 0.5);
        addEqual(rows, "uniform", 1, "one", 0);
        addEqual(rows, "random", 1, "other", 0);
        addEqual(rows, "uniform", 2, "one", 0.5);
        addEqual(rows, "random", 2, "other", 0.5);
        add(rows, "coupled-rhythm", 2, 0.5, 0.5);
        assertThat(GridReport.of(study(countdown(List.of(0L, 1L, 2L)), rows)).findings())
                .anyMatch(text -> text.startsWith("countdown, seed 0: uniform, random have identical")
                        && text.contains("configurations are the same"))
                .anyMatch(text -> text.startsWith("countdown, seed 1: uniform, random have identical")
                        && text.contains("no step had a gradient"))
                .anyMatch(text -> text.startsWith("countdown, seed 2: uniform, random have identical")
                        && text.contains("too small to change a sampled token"));
        add(rows, "random", 0, 0.5, 0);
        assertThat(GridReport.of(study(countdown(List.of(0L)), rows)).findings())
                .as("one other accuracy")
                .noneMatch(text -> text.startsWith("countdown, seed 0"));
    }

    private static GridStudy benchmarked() throws IOException {
        GridConfig plain = config(List.of(0L, 1L), "x", "math-qwen3-4b-1k", "uniform", "coupled-rhythm");
        GridConfig config = new GridConfig(
                plain.file(),
                plain.base(),
                new Settings(Map.of("eval.tasks", "[{name: aime24, data: a}, {name: math500, data: b}]")),
                plain.tasks(),
                plain.methods(),
                plain.seeds(),
                List.of("uniform"),
                List.of(Outcome.FINAL_ACCURACY, Outcome.MEAN_REWARD),
                plain.paper(),
                0.5,
                plain.out(),
                plain.rows());
        Map<GridRun, FinishedRun> rows = new LinkedHashMap<>();
        for (long seed = 0; seed < 2; seed++) {
            for (String method : List.of("uniform", "coupled-rhythm")) {
                double[] aime = method.equals("uniform") ? new double[] {seed, 0} : new double[] {1, seed};
                double[] math = {1, 0.5, 0.75, 0.75};
                double one = (aime[0] + aime[1]) / 2;
                FinishedRun run = run(
                        method,
                        seed,
                        "inputs",
                        Map.of(
                                "eval/accuracy",
                                Arrays.asList(0.5, null, 0.3, (one + 0.75) / 2),
                                "eval/aime24/accuracy",
                                Arrays.asList(0.2, null, 0.4, one),
                                "eval/math500/accuracy",
                                Arrays.asList(0.6, 0.7, 0.2, 0.75),
                                "reward",
                                Arrays.asList(null, 0.2, 0.4, 0.6),
                                FinishedRun.GAMMA,
                                List.of(1.0, 1.2, 1.4)));
                rows.put(
                        new GridRun("x", method, seed),
                        new FinishedRun(
                                "x",
                                method,
                                seed,
                                run.inputs(),
                                run.code(),
                                run.commit(),
                                run.model(),
                                run.config(),
                                run.libtorch(),
                                run.cpu(),
                                run.threads(),
                                run.createdAt(),
                                run.wallSeconds(),
                                run.series(),
                                null,
                                Map.of("aime24", aime, "math500", math)));
            }
        }
        return study(config, rows);
    }

    /** uniform: aime24 0 and 50 %, average 37.5 and 62.5 %; coupled-rhythm: 50 and 100 %, 62.5 and 87.5 %. */
    @Test
    void benchmarksAreColumnsWithTheirAverageAndItsGain() throws IOException {
        GridStudy study = benchmarked();
        GridReport.write(study, GridReport.of(study));
        Path out = study.config().out();
        String text = Files.readString(out.resolve("study.md"));
        assertThat(text.replaceAll(" +", " "))
                .contains("| method | mean gamma | aime24 | math500 | Avg. | Avg. by seed | gain, points | gain, % |")
                .contains(
                        "| uniform | 1.200 | 25.0 \u00b1 35.4 | 75.0 \u00b1 0.0 | 50.0 \u00b1 17.7 | 37.5, 62.5 | \u2013 | \u2013 |")
                .contains(
                        "| coupled-rhythm | 1.200 | 75.0 \u00b1 35.4 | 75.0 \u00b1 0.0 | 75.0 \u00b1 17.7 | 62.5, 87.5 | +25.00 | +50.0 |")
                .contains("| coupled-rhythm | 10.7 | 75.8 | 39.2 |")
                .contains("| coupled-rhythm - uniform | +50.00 \u2013 | +0.00 \u2013 | +25.00 \u2013 |");
        try (Stream<Path> figures = Files.list(out.resolve("figures"))) {
            assertThat(figures.map(figure -> figure.getFileName().toString()))
                    .contains(
                            "curve-x-eval-accuracy.svg",
                            "curve-x-eval-accuracy-peak.svg",
                            "curve-x-eval-aime24-accuracy.svg",
                            "curve-x-eval-aime24-accuracy-peak.svg",
                            "curve-x-reward-peak.svg")
                    .doesNotContain("curve-x-entropy-peak.svg");
        }
        assertThat(out.resolve("figures/curve-x-eval-aime24-accuracy-peak.svg"))
                .content()
                .contains("running peak E, a = 0.5, of accuracy on aime24");
        JsonNode file = new ObjectMapper().readTree(out.resolve("study.json").toFile());
        assertThat(file.at("/table/tasks/0/benchmarks")).hasSize(2);
        assertThat(file.at("/table/tasks/0/methods/1/benchmarks/aime24/0/outcome")
                        .textValue())
                .isEqualTo("FINAL_ACCURACY");
    }

    private static void addEqual(
            Map<GridRun, FinishedRun> rows, String method, long seed, String inputs, double gradNorm) {
        Map<String, List<Double>> series = Map.of(
                "eval/accuracy",
                List.of(0.1, 0.1),
                "reward",
                Arrays.asList(null, 0.1),
                "grad_norm",
                Arrays.asList(null, gradNorm),
                FinishedRun.GAMMA,
                List.of(1.0, 1.2));
        rows.put(new GridRun("countdown", method, seed), run(method, seed, inputs, series, 0.1, 0.1));
    }

    @Test
    void theFilesHoldTheMethodsTheOutcomesAndTheRows() throws IOException {
        GridStudy study = study(countdown(List.of(0L, 1L, 2L)), rows());
        GridReport.write(study, GridReport.of(study));
        Path out = study.config().out();
        assertThat(out.resolve("study.md"))
                .content()
                .contains("uniform", "Training reward", "final-accuracy %")
                .contains("| method | mean gamma | countdown | by seed |", "differences in reward", "mean-reward |")
                .doesNotContain("mean-reward %");
        JsonNode file = new ObjectMapper().readTree(out.resolve("study.json").toFile());
        assertThat(file.get("rows")).hasSize(7);
        assertThat(file.findValuesAsText("outcome")).contains("MEAN_REWARD");
    }

    @Test
    void contradictionsOfThePaperAreNotedInTheReport() throws IOException {
        StudyReport report = GridReport.of(study(config(List.of(0L), "x", "math-qwen3-8b-1k", "lopti"), Map.of()));
        assertThat(report.sections().get(0).blocks())
                .anyMatch(block -> block.toString().contains("Reweight+Lopti"));
    }

    @Test
    void smoothedCurvesAreTrailingMeans() {
        double[] smooth = GridCurves.smooth(new double[] {Double.NaN, 1, 2, 6}, 2);
        assertThat(smooth).containsExactly(Double.NaN, Double.NaN, 1.5, 4);
    }
}
