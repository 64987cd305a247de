package dev.upbeat.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Training with the critics of asyppo. */
@ExtendWith(OneThread.class)
class CriticTrainingTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeAModel() throws IOException {
        TinyRuns.model(directory);
    }

    private static TrainConfig config(String out, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "out=" + directory.resolve(out),
                "eval.every=0",
                "credit.strategy=asyppo",
                "credit.critic_warmup=1",
                "credit.critic.learning_rate=0.01"));
        all.addAll(List.of(overrides));
        return TinyRuns.grpo(directory, all.toArray(String[]::new));
    }

    private static List<RunRow> traces(Path run, long step) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(rows::add);
        return rows.stream()
                .filter(row -> requireNonNull(row.place()).step() == step)
                .toList();
    }

    @Test
    void tokensHaveTheirRewardMinusTheirValueAfterTheWarmUp() throws IOException {
        Path run = directory.resolve("whole");
        TrainConfig config = config("whole", "journal.traces=8", "learn.steps=4", "credit.certain_share=0.25");
        TinyRuns.train(config);
        for (RunRow row : traces(run, 1)) {
            float[] advantages = requireNonNull(row.seen().columns().get("token_advantage"));
            assertThat(advantages)
                    .containsOnly((float) requireNonNull(row.place()).advantage());
            assertThat(row.seen().columns().get("value")).containsOnly(0);
        }
        int tokens = 0;
        int certain = 0;
        for (RunRow row : traces(run, 4)) {
            float[] values = requireNonNull(row.seen().columns().get("value"));
            float[] advantages = requireNonNull(row.seen().columns().get("token_advantage"));
            assertThat(row.seen().columns()).containsKey("value_std").doesNotContainKey("gamma");
            double reward = requireNonNull(row.trace().reward());
            for (int t = 0; t < values.length; t++) {
                tokens++;
                if (advantages[t] == 0) {
                    certain++;
                } else {
                    assertThat((double) advantages[t]).isCloseTo(reward - values[t], within(1e-6));
                }
            }
        }
        assertThat(certain).isEqualTo((int) Math.ceil(0.25 * tokens));
        JsonNode first = TinyRuns.line(run, 0);
        JsonNode last = TinyRuns.line(run, 3);
        assertThat(first.path("critic/value_mean").doubleValue()).isZero();
        assertThat(last.path("critic/squared_error").doubleValue())
                .isLessThan(first.path("critic/squared_error").doubleValue());
        assertThat(last.path("critic/value_std").doubleValue()).isPositive();
        assertThat(last.path("completions/observed_share").doubleValue()).isEqualTo(1);
    }

    @Test
    void anInterruptedRunEndsAsOneThatWasNot() throws IOException {
        String[] overrides = {"learn.entropy=0.01", "credit.critic.epochs=2", "credit.critic.embeddings=trained"};
        TrainConfig whole = config("uninterrupted", overrides);
        TinyRuns.train(whole);
        TrainConfig config = config("interrupted", overrides);
        TinyRuns.trainTo(config, 3);
        TinyRuns.train(config, true, () -> false);
        assertThat(TinyRuns.metrics(config.out())).hasSize(6).isEqualTo(TinyRuns.metrics(whole.out()));
        Path checkpoint = config.out().resolve("checkpoint-6");
        assertThat(checkpoint.resolve("trainer/critic-1/optimizer.safetensors")).isNotEmptyFile();
        assertThat(config.out().resolve("checkpoint-2"))
                .as("deleted: keep_last=1")
                .doesNotExist();
        TinyRuns.requireSameCheckpoint(checkpoint, whole.out().resolve("checkpoint-6"));
    }

    @Test
    void theEntropyTermLeavesOutTheDisputedTokens() throws IOException {
        String[] all = {"learn.steps=2", "learn.entropy=0.1", "credit.uncertain_share=0"};
        String[] none = {"learn.steps=2", "learn.entropy=0.1", "credit.uncertain_share=1"};
        String[] without = {"learn.steps=2"};
        double loss = loss("without", without);
        assertThat(loss("none", none)).isCloseTo(loss, within(1e-3));
        assertThat(loss("all", all)).isLessThan(loss - 0.05);
    }

    /** Loss of the second step, the first in which the critics are used. */
    private static double loss(String out, String... overrides) throws IOException {
        TrainConfig config = config(out, overrides);
        TinyRuns.train(config);
        return TinyRuns.line(config.out(), 1).path("loss").doubleValue();
    }

    @Test
    void settingsThatDoNotFitAreRefused() throws IOException {
        assertThatThrownBy(() -> config("x", "credit.critic.count=5"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("credit.critic.count is 5", "at most rollout.group, which is 4");
        for (String layers : List.of("half", "0")) {
            assertThatThrownBy(() -> config("x", "credit.critic.layers=" + layers))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("credit.critic.layers is ", layers, "third, or a number of layers");
        }
        TrainConfig deep = config("x", "credit.critic.layers=4");
        assertThatThrownBy(() -> TinyRuns.train(deep))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("credit.critic.layers is 4", "at most the model's 3 layers");
    }

    @Test
    void aDryRunStatesTheMemoryOfTheCritics() throws IOException {
        assertThat(DryRun.of(config("x"), false, TinyRuns.SILENT).lines())
                .anySatisfy(
                        line -> assertThat(line).startsWith("critics: 2 with ").contains("in 1 layers each", "GB"));
    }
}
