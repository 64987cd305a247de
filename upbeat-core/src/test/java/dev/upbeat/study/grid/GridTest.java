package dev.upbeat.study.grid;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.TinyRuns;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneThread.class)
class GridTest {
    private static final Grid.Trainer TRAINER =
            (config, stop) -> !TinyRuns.train(config, true, stop).interrupted();

    /** For runs that must not be needed. */
    private static final Grid.Trainer NOBODY = (training, stop) -> {
        throw new AssertionError("a run that is done was begun again: " + training.out());
    };

    @TempDir
    private static Path shared;

    @BeforeAll
    static void makeTheModel() throws IOException {
        TinyRuns.model(shared);
        TinyRuns.grpo(shared);
    }

    private static GridConfig config(String name, String methods, String... overrides) throws IOException {
        Path file = Files.writeString(
                shared.resolve(name + ".yaml"),
                "base: grpo.yaml\nset: {learn.steps: 3}\nmethods:\n" + methods + "seeds: [0, 1]\nout: "
                        + shared.resolve(name) + "\n");
        return GridConfig.read(file, List.of(overrides));
    }

    private static final String METHODS = """
              uniform: {credit.strategy: uniform}
              constant: {credit.strategy: constant, credit.gamma: mean of coupled}
              coupled: {credit.strategy: coupled-rhythm}
            """;

    private static Grid grid(GridConfig config) throws IOException {
        return new Grid(config, false, (file, done, total) -> {});
    }

    /** Notes what it is told. */
    private static final class Heard implements Grid.Listener {
        final List<GridRun> finished = Collections.synchronizedList(new ArrayList<>());
        final List<String> failed = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void began(GridRun run, TrainConfig training) {}

        @Override
        public void finished(GridRun run, List<Double> outcomes) {
            assertThat(outcomes).hasSize(2).doesNotContain(Double.NaN);
            finished.add(run);
        }

        @Override
        public void failed(GridRun run, Throwable reason) {
            failed.add(run + ": " + reason.getMessage());
        }
    }

    private static boolean run(GridConfig config, Grid.Trainer trainer, BooleanSupplier stop) throws IOException {
        return grid(config).run(1, trainer, new Heard(), stop);
    }

    @Test
    void aMeanGammaOfARunWithoutAGradientFailsWithItsReason() throws IOException {
        GridConfig flat = config("flat", METHODS, "task.format_reward=0", "task.length_penalty=0");
        Heard heard = new Heard();
        assertThat(grid(flat).run(1, TRAINER, heard, () -> false)).isFalse();
        assertThat(heard.failed).hasSize(2); // one for each seed
        assertThat(heard.failed.get(0))
                .contains(
                        "constant",
                        "run countdown, coupled, seed 0: has no mean gamma",
                        "equal rewards",
                        "Raise rollout.group");
    }

    @Test
    void anInterruptedGridEndsInTheSameTable() throws IOException {
        GridConfig whole = config("whole", METHODS);
        Heard heard = new Heard();
        assertThat(grid(whole).run(1, TRAINER, heard, () -> false)).isTrue();
        assertThat(heard.finished)
                .as("a constant gamma waits for the method whose mean it is")
                .containsExactly(
                        new GridRun("countdown", "uniform", 0),
                        new GridRun("countdown", "coupled", 0),
                        new GridRun("countdown", "constant", 0),
                        new GridRun("countdown", "uniform", 1),
                        new GridRun("countdown", "coupled", 1),
                        new GridRun("countdown", "constant", 1));
        GridTable table = grid(whole).study("").table();
        assertThat(table.done()).isEqualTo(6);
        GridTable.Method coupled = table.tasks().get(0).methods().get(2);
        assertThat(coupled.meanGamma()).isGreaterThan(1);
        assertThat(table.tasks().get(0).methods().get(1).meanGamma())
                .as("gamma has four decimals")
                .isCloseTo(coupled.meanGamma(), within(1e-4));
        assertThat(run(whole, NOBODY, () -> false)).isTrue();

        GridConfig stopped = config("stopped", METHODS);
        int times = 0;
        while (!run(stopped, TRAINER, afterAsking(700))) { // a step asks at each of its up to 240 tokens
            assertThat(++times).as("stops").isLessThan(50);
        }
        assertThat(times).isGreaterThan(3);
        assertThat(grid(stopped).study("").table()).usingRecursiveComparison().isEqualTo(table);
    }

    private static BooleanSupplier afterAsking(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return () -> left.decrementAndGet() < 0;
    }

    @Test
    void aGridWithBenchmarksHasAColumnForEach() throws IOException {
        Path rows = Files.writeString(
                shared.resolve("two.jsonl"),
                "{\"question\": \"1 2 3 > 6\"}\n{\"question\": \"2 3 4 > 9\"}\n{\"question\": \"2 3 5 > 10\"}\n");
        String tasks = "eval.tasks=[{name: three, task: countdown, data: " + rows
                + ", samples: 2}, {name: own, data: held-out, every: 2}]";
        GridConfig config = config("benchmarks", "  uniform: {credit.strategy: uniform}\n", tasks);
        assertThat(run(config, TRAINER, () -> false)).isTrue();
        GridStudy study = grid(config).study("");
        FinishedRun row = requireNonNull(study.done().get(new GridRun("countdown", "uniform", 1)));
        assertThat(row.benchmarkAccuracies().get("three")).hasSize(3);
        assertThat(row.benchmarkAccuracies().get("own")).hasSize(4);
        assertThat(row.finalAccuracies()).isNull();
        assertThat(row.series("eval/own/accuracy"))
                .hasSize(4)
                .doesNotContain(Double.NaN, org.assertj.core.data.Index.atIndex(2));
        assertThat(row.series("eval/accuracy")[2]).as("only own is evaluated").isNaN();
        GridTable.Method uniform = study.table().tasks().get(0).methods().get(0);
        assertThat(uniform.columns(Outcome.FINAL_ACCURACY)).hasSize(3);
        assertThat(run(config, NOBODY, () -> false)).isTrue();
    }

    @Test
    void onlyChangedRunsAreRunAgain() throws IOException {
        String methods = "  uniform: {credit.strategy: uniform}\n";
        GridConfig first = config("first", methods);
        run(first, TRAINER, () -> false);
        GridConfig elsewhere = config("elsewhere", methods, "checkpoint.every=3");
        Files.createDirectories(elsewhere.out());
        Files.copy(first.rows(), elsewhere.rows());
        assertThat(run(elsewhere, NOBODY, () -> false))
                .as("only rows.jsonl is here")
                .isTrue();
        GridStudy study = grid(elsewhere).study("upbeat study grid");
        assertThat(study.table().done()).isEqualTo(2);
        assertThat(study.table().of()).isEqualTo(2);
        assertThat(study.file().methods()).containsOnlyKeys("uniform");
        assertThat(study.file().rows()).hasSize(2);

        GridConfig longer = config("elsewhere", methods, "learn.steps=2");
        List<Path> trained = new ArrayList<>();
        run(
                longer,
                (training, stop) -> {
                    trained.add(training.out());
                    return TRAINER.train(training, stop);
                },
                () -> false);
        assertThat(trained).hasSize(2);
    }

    @Test
    void aFailedRunStopsOnlyItsDependents() throws IOException {
        Heard heard = new Heard();
        Grid.Trainer noCoupled = (training, stop) -> {
            if (training.out().toString().contains("coupled")) {
                throw new IOException("no space left on device");
            }
            return TRAINER.train(training, stop);
        };
        assertThat(grid(config("failing", METHODS)).run(1, noCoupled, heard, () -> false))
                .isFalse();
        assertThat(heard.finished)
                .containsExactly(new GridRun("countdown", "uniform", 0), new GridRun("countdown", "uniform", 1));
        assertThat(heard.failed)
                .containsExactly(
                        "countdown, coupled, seed 0: no space left on device",
                        "countdown, coupled, seed 1: no space left on device");
    }

    @Test
    void aForeignRowIsRefusedWithItsLine() throws IOException {
        GridConfig config = config("broken", METHODS);
        Files.createDirectories(config.out());
        Files.writeString(config.rows(), "{\"task\": 1}\n");
        assertThatThrownBy(() -> grid(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("rows.jsonl, line 1", "delete the line");
    }

    @Test
    void aRunsIdentityCoversConfigurationDataAndCode() throws IOException {
        GridConfig config = config("identity", METHODS);
        GridRun run = new GridRun("countdown", "uniform", 0);
        RunIdentity base = RunIdentity.of(config.training(run, null, Path.of("a")), "w", List.of("d"), "c");
        assertThat(RunIdentity.of(config.training(run, null, Path.of("b")), "w", List.of("d"), "c"))
                .as("where it lies does not")
                .isEqualTo(base);
        GridRun other = new GridRun("countdown", "uniform", 1);
        assertThat(List.of(
                        RunIdentity.of(config.training(other, null, Path.of("a")), "w", List.of("d"), "c"),
                        RunIdentity.of(config.training(run, null, Path.of("a")), "v", List.of("d"), "c"),
                        RunIdentity.of(config.training(run, null, Path.of("a")), "w", List.of("e"), "c"),
                        RunIdentity.of(config.training(run, null, Path.of("a")), "w", List.of("d"), "k")))
                .doesNotContain(base)
                .doesNotHaveDuplicates();
    }

    @Test
    void theCodeIsKnownByTheClassesThatTrain(@TempDir Path classes) throws IOException {
        Files.createDirectories(classes.resolve("learn"));
        Files.createDirectories(classes.resolve("study"));
        Files.writeString(classes.resolve("learn/Learner.class"), "one");
        String before = CodeVersion.of(classes, ".class");
        Files.writeString(classes.resolve("study/Grid.class"), "any");
        assertThat(CodeVersion.of(classes, ".class")).isEqualTo(before);
        Files.writeString(classes.resolve("learn/Learner.class"), "two");
        assertThat(CodeVersion.of(classes, ".class")).isNotEqualTo(before);
        assertThat(CodeVersion.here()).hasSize(64);
    }
}
