package dev.upbeat.study.grid;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.credit.CreditOptions;
import dev.upbeat.io.BadInputException;
import dev.upbeat.train.config.GrpoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridConfigTest {
    private static final String METHODS = "methods: {uniform: {credit.strategy: uniform},"
            + " coupled: {credit: {strategy: coupled-rhythm, share: 0.3}},"
            + " constant: {credit.strategy: constant, credit.gamma: mean of coupled}}\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeTheBase() throws IOException {
        Files.writeString(directory.resolve("base.yaml"), """
                kind: grpo
                model: nowhere
                task: {name: countdown}
                learn: {steps: 6, learning_rate: 1.0e-3}
                """);
    }

    private GridConfig read(String yaml, String... overrides) throws IOException {
        return GridConfig.read(
                Files.writeString(directory.resolve("grid.yaml"), "base: base.yaml\n" + yaml), List.of(overrides));
    }

    private void refused(ThrowingCallable read, String... parts) {
        assertThatThrownBy(read).isInstanceOf(BadInputException.class).hasMessageContainingAll(parts);
    }

    @Test
    void allMethodsOfATaskHaveTheSameBenchmarks() throws IOException {
        String benchmarks = "set: {eval.tasks: [{name: math, data: rows.jsonl}]}\n";
        Files.createFile(directory.resolve("rows.jsonl"));
        GridConfig config = read(METHODS + benchmarks);
        assertThat(config.benchmarks("countdown")).containsExactly("math");
        assertThat(config.training(new GridRun("countdown", "uniform", 0), null, Path.of("x"))
                        .data())
                .as("beside the grid's file")
                .containsValue(directory.resolve("rows.jsonl"));
        assertThat(read(METHODS).benchmarks("countdown")).isEmpty();
        refused(
                () -> read("methods: {uniform: {credit.strategy: uniform},"
                        + " other: {credit.strategy: random, eval.tasks: [{name: math, data: f}]}}\n"),
                "method other: evaluates the benchmarks [math], and the first method []",
                "the same eval.tasks");
    }

    @Test
    void theShareOfTheRunningPeakIsASetting() throws IOException {
        assertThat(read(METHODS).peak()).isEqualTo(0.1);
        assertThat(read(METHODS + "peak: 0.5\n").peak()).isEqualTo(0.5);
        refused(() -> read(METHODS + "peak: 0\n"), "peak is 0", "above 0 and at most 1");
    }

    @Test
    void methodsTakeDottedAndNestedKeysAndSeedsPair() throws IOException {
        GridConfig config = read(METHODS + "set: {learn.steps: 9}\nseeds: [3, 5]\n", "rollout.prompts=4");
        assertThat(config.runs())
                .hasSize(6)
                .startsWith(new GridRun("countdown", "uniform", 3), new GridRun("countdown", "coupled", 3));
        GrpoConfig training = config.training(new GridRun("countdown", "coupled", 5), null, Path.of("there"));
        assertThat(training.credit().options().given().get("share")).isEqualTo(0.3);
        assertThat(training.optimizer().steps()).isEqualTo(9);
        assertThat(training.rollout().prompts()).isEqualTo(4);
        assertThat(training.seed()).isEqualTo(5);
        assertThat(training.out()).isEqualTo(Path.of("there"));
        assertThat(config.gammaSource("constant")).isEqualTo("coupled");
        assertThat(config.baselines()).containsExactly("uniform");
    }

    private static CreditOptions options(GridConfig config, String method) throws IOException {
        return config.training(new GridRun("countdown", method, 0), null, Path.of("x"))
                .credit()
                .options();
    }

    @Test
    void aMethodInheritsNoOptionOfAnotherMeaning() throws IOException {
        Files.copy(Path.of("../examples/countdown-coupled.yaml"), directory.resolve("base.yaml"), REPLACE_EXISTING);
        GridConfig config = read("methods: {random: {credit.strategy: random},"
                + " selection: {credit.strategy: entropy-selection}, reweight: {credit.strategy: prob-reweight},"
                + " own: {credit: {strategy: entropy-selection, share: 0.1}}}\n");
        assertThat(options(config, "random").given().get("share")).isEqualTo(0.4);
        assertThat(options(config, "selection").given().get("share")).isEqualTo(0.2);
        assertThat(options(config, "reweight").given().get("alpha")).isEqualTo(0.3);
        assertThat(options(config, "own").given().get("share")).isEqualTo(0.1);
        assertThat(config.credits())
                .containsEntry("selection", "entropy-selection, share 0.2, from top, sign both, normalize none")
                .containsEntry("reweight", "prob-reweight, alpha 0.3, sign both, normalize none")
                .containsEntry("random", "random, amplification 1.5, share 0.4, sign both, normalize none");
    }

    @Test
    void anOptionForAllRunsHoldsWhateverTheStrategy() throws IOException {
        String methods = "methods: {selection: {credit.strategy: entropy-selection}}\n";
        assertThat(options(read(methods + "set: {credit.share: 0.3}\n"), "selection")
                        .given()
                        .get("share"))
                .isEqualTo(0.3);
        assertThat(options(read(methods, "credit.share=0.3"), "selection")
                        .given()
                        .get("share"))
                .isEqualTo(0.3);
    }

    @Test
    void anOptionSetForAnotherStrategyIsNotInherited() throws IOException {
        GridConfig config = read("methods: {selection: {credit.strategy: entropy-selection}, random: {credit.strategy:"
                + " random}, same: {learn.steps: 7}}\nset: {credit: {strategy: coupled-rhythm, share: 0.3}}\n");
        assertThat(options(config, "selection").given().get("share")).isEqualTo(0.2);
        assertThat(options(config, "random").given().get("share")).isEqualTo(0.3);
        assertThat(options(config, "same").given().get("share")).isEqualTo(0.3);
    }

    @Test
    void creditsAreToldByTaskWhereTasksDifferInThem() throws IOException {
        GridConfig config = read(METHODS + "tasks: {a: {credit.amplification: 2}, b: {task.numbers: 4}}\n");
        assertThat(config.credits().get("coupled"))
                .contains("a: coupled-rhythm, amplification 2.0", "; b: coupled-rhythm");
        assertThat(config.credits().get("uniform")).isEqualTo("uniform, sign both, normalize none");
        assertThat(config.credits().get("constant")).contains("gamma mean of coupled");
    }

    @Test
    void tasksAreTheirOwnDimension() throws IOException {
        GridConfig config = read(METHODS + "tasks: {three: {task.numbers: 3}, four: {task.numbers: 4}}\nseeds: [0]\n");
        assertThat(config.runs()).hasSize(6);
        assertThat(config.training(new GridRun("four", "uniform", 0), null, Path.of("x"))
                        .task()
                        .options()
                        .puzzles()
                        .numbers())
                .isEqualTo(4);
    }

    @Test
    void whatIsWrongIsToldWithItsPlace() {
        refused(() -> read("metods: {}\n"), "grid.yaml", "metods");
        refused(() -> read(""), "methods is missing");
        refused(() -> read(METHODS + "seed: [1]\n"), "no key seed", "seeds");
        refused(() -> read(METHODS + "seeds: [1, 1]\n"), "seeds is [1,1]", "different whole numbers");
        refused(() -> read(METHODS + "baselines: [random]\n"), "baselines", "uniform, coupled, constant");
        refused(() -> read(METHODS + "outcomes: [final-acuracy]\n"), "did you mean final-accuracy?");
        refused(() -> read(METHODS + "paper: countdwn\n"), "paper is", "countdown");
        refused(
                () -> read("methods: {a: {credit.shares: 1}}\n"),
                "grid.yaml, method a",
                "no key credit.shares",
                "credit.share");
        refused(() -> read("methods: {a: {credit.share: 2}}\n"), "method a", "credit.share is 2");
        refused(() -> read("methods: {'a/b': {credit.share: 1}}\n"), "a name consists of letters");
        refused(
                () -> read("methods: {a: {credit.strategy: constant, credit.gamma: mean of b}}\n"),
                "mean of b",
                "one of");
        refused(() -> read(METHODS + "set: {eval.every: 0}\n"), "final-accuracy", "eval.every is 0");
        refused(() -> read(METHODS, "learn.stps=3"), "no key learn.stps");
    }

    @Test
    void whatTheGridSetsItselfIsRefusedAmongItsSettings() {
        refused(() -> read("methods: {a: {seed: 7}}\n"), "grid.yaml, method a: has seed 7", "--seeds");
        refused(() -> read("methods: {a: {out: x}}\n"), "method a: has out x", "--out");
        refused(() -> read(METHODS + "tasks: {three: {task.numbers: 3, seed: 1}}\n"), "task three: has seed 1");
        refused(() -> read(METHODS + "set: {out: x}\n"), "set, or the command line: has out x");
        refused(() -> read(METHODS, "seed=4"), "has seed 4");
        refused(
                () -> GridPreset.values()[0].of(directory.resolve("base.yaml"), List.of("seed=4")),
                "base.yaml",
                "has seed 4");
    }

    @Test
    void everyPresetIsAGridOfValidTrainings() throws IOException {
        for (GridPreset preset : GridPreset.values()) {
            GridConfig config = preset.of(directory.resolve("base.yaml"), List.of());
            assertThat(config.methods()).as(preset.toString()).containsKeys("uniform", "random");
            assertThat(config.paper()).isEqualTo(preset.toString());
            long known = config.methods().keySet().stream()
                    .filter(method -> PaperResults.of(preset.toString(), method, "countdown") != null)
                    .count();
            assertThat(known)
                    .as(preset + ": methods that the paper has")
                    .isEqualTo(config.methods().size() - 1);
        }
    }

    @Test
    void aTaskHasThePapersColumnOrAverage() {
        assertThat(PaperResults.of("math-qwen3-8b-1k", "coupled-rhythm", "countdown"))
                .isEqualTo(43.2);
        assertThat(PaperResults.of("math-qwen3-8b-1k", "coupled-rhythm", "AMC23"))
                .isEqualTo(65.4);
        assertThat(PaperResults.of("countdown", "coupled-rhythm", "countdown")).isEqualTo(63.1);
        assertThat(PaperResults.of("countdown", "constant", "countdown")).isNull();
    }
}
