package dev.upbeat.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.credit.CustomCredit;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.store.RunSql;
import dev.upbeat.testing.OneThread;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.trace.Step;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class TrainingTest {
    @TempDir
    private static Path shared;

    private static Path run;

    @BeforeAll
    static void trainOnce() throws IOException {
        TinyRuns.model(shared);
        TrainConfig config = TinyRuns.grpo(shared, "rhythm.receivers=true");
        TinyRuns.train(config);
        run = config.out();
    }

    private static Path out(String name) {
        return shared.resolve(name);
    }

    private static Set<String> names(JsonNode line) {
        Set<String> names = new TreeSet<>();
        line.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void aContextShorterThanTheLongestDemonstrationIsRefused() throws IOException {
        TrainConfig config = TinyRuns.sft(shared, "out=" + out("short"), "architecture.context=121");
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("architecture.context is 121", "at least 122 tokens", "longest demonstration");
        assertThat(out("short")).doesNotExist();
    }

    /** Needs a series that does not exist. */
    @NullMarked
    public static final class Unmeasured implements CustomCredit {
        @Override
        public Set<String> needs() {
            return Set.of("surprise");
        }

        @Override
        public float[][] gamma(Step step) {
            throw new IllegalStateException("never called");
        }
    }

    @Test
    void aCreditThatNeedsAnUnknownSeriesIsRefused() throws IOException {
        TrainConfig config = TinyRuns.grpo(
                shared, "out=" + out("needs"), "credit.strategy=class", "credit.class=" + Unmeasured.class.getName());
        for (Executable start :
                List.<Executable>of(() -> TinyRuns.train(config), () -> DryRun.of(config, false, TinyRuns.SILENT))) {
            assertThatThrownBy(start::execute)
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("needs the series surprise", "waad");
        }
        assertThat(out("needs")).doesNotExist();
    }

    @Test
    void aModelLargerThanTheMachineIsRefusedWithFigures() throws IOException {
        TrainConfig config =
                TinyRuns.sft(shared, "out=" + out("large"), "architecture.hidden=1000000", "architecture.mlp=1000000");
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("architecture: has 9,", " weights", " GB", "this machine has");
        assertThat(out("large")).doesNotExist();
    }

    @Test
    void aRunWhoseFirstStepIsRefusedLeavesNoDirectory() throws IOException {
        Path metrics = out("stopped").resolve("metrics.jsonl");
        TrainConfig config = TinyRuns.grpo(shared, "out=" + out("stopped"));
        assertThatThrownBy(() -> TinyRuns.train(config, false, () -> {
                    if (Files.exists(metrics)) {
                        throw new BadInputException("no");
                    }
                    return false;
                }))
                .hasMessage("no");
        assertThat(metrics).exists(); // step 0 is evaluated: something was done
        TrainConfig silent = TinyRuns.grpo(shared, "out=" + out("silent"), "eval.every=0");
        assertThatThrownBy(() -> TinyRuns.train(silent, false, () -> {
                    throw new BadInputException("no");
                }))
                .hasMessage("no");
        assertThat(out("silent")).doesNotExist();
    }

    @Test
    void aStepsLineHasEveryNameThatThePageDefines() throws IOException {
        Set<String> defined = new TreeSet<>();
        for (String line : Files.readString(Path.of("../docs/metrics.md"))
                .split("### Steps without")[0]
                .lines()
                .toList()) {
            Matcher row = Pattern.compile("\\| `([^`]+)` \\|.*").matcher(line);
            if (row.matches()) {
                defined.add(row.group(1));
            }
        }
        assertThat(defined.removeAll(Set.of("credit/wrong_share", "credit/unjudged_share")))
                .as("only with a judge: JudgedTrainingTest")
                .isTrue();
        assertThat(defined.removeIf(name -> name.startsWith("critic/")))
                .as("only with critics: CriticTrainingTest")
                .isTrue();
        assertThat(defined.removeIf(name -> name.startsWith("rollout/")))
                .as("only with other weights: VariantsTest")
                .isTrue();
        assertThat(names(TinyRuns.line(run, 3))).isEqualTo(defined); // step 3 is evaluated
    }

    @Test
    void theFirstLineIsTheEvaluationBeforeTraining() throws IOException {
        JsonNode first = TinyRuns.line(run, 0);
        assertThat(names(first)).containsExactly("eval/accuracy", "step");
        assertThat(first.path("step").asInt()).isZero();
    }

    @Test
    void learnerAndRolloutAgreeOnLogProbs() throws IOException {
        for (int step = 1; step <= 6; step++) {
            assertThat(TinyRuns.line(run, step)
                            .path("sampling/sampling_logp_difference/max")
                            .doubleValue())
                    .isLessThan(1e-4);
        }
    }

    @Test
    void tracesHaveTheirPlaceInTraining() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(rows::add);
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            double graded = Objects.requireNonNull(row.trace().reward())
                    + lengthPenalty(row.trace().responseIds());
            assertThat(Math.round(graded * 1e9) / 1e9).isIn(0.0, 0.5, 1.0);
            float[] gamma = requireNonNull(row.seen().columns().get("gamma"));
            assertThat(gamma).hasSize(row.seen().length());
            float[] advantages = requireNonNull(row.seen().columns().get("token_advantage"));
            double advantage = requireNonNull(row.place()).advantage();
            for (int t = 0; t < gamma.length; t++) {
                assertThat((double) advantages[t]).isCloseTo(gamma[t] * advantage, within(1e-6));
            }
            assertThat(row.seen().receiverFai()).isNotNull();
        });
        try (RunSql sql = RunSql.open(run)) {
            assertThat(sql).isNotNull();
        }
        assertThat(run.resolve("traces")).isDirectoryContaining("glob:**/step-000001.parquet");
    }

    private static double lengthPenalty(int[] responseIds) {
        try (Checkpoint checkpoint = Checkpoint.open(run.resolve("checkpoint-6"));
                HfTokenizer tokenizer = checkpoint.tokenizer()) {
            return 0.25
                    * Math.min(
                            1,
                            Objects.requireNonNull(tokenizer)
                                            .decode(responseIds, true)
                                            .length()
                                    / 200.0);
        }
    }

    @Test
    void checkpointsAreModelsInHuggingFaceForm() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(run.resolve("checkpoint-6"))) {
            assertThat(checkpoint.config().layers()).isEqualTo(3);
            assertThat(checkpoint.tokenizer()).isNotNull();
        }
    }

    @Test
    void onlyTheConfiguredCheckpointsRemain() throws IOException {
        TrainConfig config = TinyRuns.sft(
                shared, "out=" + out("kept"), "checkpoint.every=1", "checkpoint.keep_last=2", "eval.every=0");
        TinyRuns.train(config);
        try (Stream<Path> entries = Files.list(config.out())) {
            assertThat(entries.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("checkpoint")))
                    .containsExactlyInAnyOrder("checkpoint-5", "checkpoint-6");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uniform",
                "random",
                "high-entropy",
                "local-chunk",
                "global-anchor",
                "entropy-selection",
                "prob-reweight",
                "lopti",
                "gradient",
                "path-aggregation",
                "token-correlation",
                "flowtracer",
                "attnrl"
            })
    void everyStrategyTrainsByOneLine(String strategy) throws IOException {
        TrainConfig config = TinyRuns.grpo(
                shared, "out=" + out(strategy), "credit.strategy=" + strategy, "learn.steps=1", "eval.every=0");
        assertThat(TinyRuns.train(config).steps()).isEqualTo(1);
        assertThat(TinyRuns.line(config.out(), 0).path("credit/gamma_mean").isNumber())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rhythm.layers=99           | rhythm.layers is 99            | layers from 0 to 2 of this model
            rollout.max_new_tokens=160 | rollout.max_new_tokens is 160  | context of 160
            eval.max_new_tokens=160    | eval.max_new_tokens is 160     | context of 160
            model=nowhere              | nowhere does not exist         | Hugging Face directory
            task.numbers=4             | numbers 4                      | set numbers to 3
            """)
    void settingsBeyondTheModelAreRefusedFirst(String override, String given, String expected) throws IOException {
        TrainConfig config = TinyRuns.grpo(shared, "out=" + out("refused"), override);
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(given, expected);
        assertThat(out("refused")).doesNotExist();
    }

    @Test
    void learningFromAFileTakesItsLastRowsForValidation() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rows.add("{\"id\": \"" + i + "\", \"prompt\": \"6 44 37 > 75\", \"response\": \"try + : 44 + " + i + "\"}");
        }
        Path data = Files.write(shared.resolve("data.jsonl"), rows);
        TrainConfig config = TinyRuns.sft(shared, "out=" + out("from-file"), "data=" + data);
        TinyRuns.train(config);
        assertThat(TinyRuns.line(config.out(), 6).path("eval/loss").isNumber()).isTrue();
        TrainConfig few = TinyRuns.sft(shared, "out=" + out("few"), "data=" + data, "validation.traces=12");
        assertThatThrownBy(() -> TinyRuns.train(few)).hasMessageContainingAll("has 12 traces", "validation.traces");
    }
}
