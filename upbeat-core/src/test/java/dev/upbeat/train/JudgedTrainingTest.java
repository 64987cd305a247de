package dev.upbeat.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.task.endpoint.Endpoint;
import dev.upbeat.task.endpoint.Endpoint.Reply;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Training with a judge on this machine. */
@ExtendWith(OneThread.class)
class JudgedTrainingTest {
    private static final Pattern STEP = Pattern.compile("(?m)^Step \\d+: (?!3 times)");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeAModel() throws IOException {
        TinyRuns.model(directory);
    }

    private static TrainConfig config(String out, Endpoint judge, String strategy, String... overrides)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.addAll(List.of(
                "out=" + directory.resolve(out),
                "learn.steps=2",
                "eval.every=0",
                "checkpoint.every=1",
                "credit.strategy=" + strategy,
                "credit.critiques=2",
                "credit.judge.url=" + judge.url(),
                "credit.judge.model=m",
                "credit.judge.retries=0",
                "credit.judge.patience=0",
                "credit.judge.concurrency=1"));
        return TinyRuns.grpo(directory, all.toArray(String[]::new));
    }

    /** Calls the last step wrong; labels every other step incorrect. */
    private static Reply reply(String request) {
        String prompt;
        try {
            prompt = new ObjectMapper()
                    .readTree(request)
                    .at("/messages/0/content")
                    .textValue();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        int steps = (int) STEP.matcher(prompt).results().count();
        StringBuilder text = new StringBuilder();
        if (prompt.contains("Wrong steps:")) {
            text.append("Wrong steps: ").append(steps);
        } else {
            for (int s = 0; s < steps; s++) {
                text.append(s % 2 == 0 ? "\\\\boxed{incorrect} " : "\\\\boxed{correct} ");
            }
        }
        return Reply.ok("{\"choices\": [{\"message\": {\"content\": \"" + text + "\"}, \"finish_reason\": \"stop\"}]}");
    }

    private static List<RunRow> traces(Path run) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(rows::add);
        return rows;
    }

    @Test
    void capoTrainsOnTheTokensOfWrongSteps() throws IOException {
        try (Endpoint judge = new Endpoint((number, request) -> reply(request))) {
            TrainConfig config = config("capo", judge, "capo");
            TinyRuns.train(config);
            JsonNode line = TinyRuns.line(config.out(), 1);
            assertThat(line.get("credit/gamma_mean").isNull()).isTrue();
            assertThat(line.get("credit/wrong_share").doubleValue()).isPositive();
            assertThat(line.get("credit/unjudged_share").doubleValue()).isZero();
            assertThat(line.get("grad_norm").doubleValue()).isPositive();
            assertThat(Files.readAllLines(config.out().resolve("judgements.jsonl")))
                    .hasSize(judge.requests().size());
            for (RunRow row : traces(config.out())) {
                float[] wrong = requireNonNull(row.seen().columns().get("step_wrong"));
                float[] advantages = requireNonNull(row.seen().columns().get("token_advantage"));
                assertThat(row.seen().columns()).doesNotContainKey("gamma");
                for (int t = 1; t < wrong.length; t++) {
                    if (wrong[t] != wrong[t - 1]) {
                        assertThat(advantages[t] < advantages[t - 1]).isEqualTo(wrong[t] > wrong[t - 1]);
                    } else {
                        assertThat(advantages[t]).isEqualTo(advantages[t - 1]);
                    }
                }
            }
        }
    }

    @Test
    void thinkprmWeightsTheTokensByTheScoresOfTheirSteps() throws IOException {
        try (Endpoint judge = new Endpoint((number, request) -> reply(request))) {
            TrainConfig config = config("thinkprm", judge, "thinkprm", "credit.share=0.2");
            TinyRuns.train(config);
            assertThat(judge.requests()).allMatch(request -> request.contains("\"logprobs\":true"));
            int amplified = 0;
            for (RunRow row : traces(config.out())) {
                float[] scores = requireNonNull(row.seen().columns().get("step_score"));
                float[] gamma = requireNonNull(row.seen().columns().get("gamma"));
                double advantage = requireNonNull(row.place()).advantage();
                for (int t = 0; t < gamma.length; t++) {
                    assertThat(Float.isNaN(scores[t])).as("judged").isEqualTo(advantage == 0);
                    amplified += gamma[t] > 1 ? 1 : 0;
                }
                if (advantage < 0) {
                    assertThat(gamma[0]).as("the first step is incorrect").isEqualTo(1.5f);
                }
            }
            assertThat(amplified).isPositive();
        }
    }

    @Test
    void anOutageOfTheJudgePausesTheRunAndNothingIsAskedTwice() throws IOException {
        int failing;
        TrainConfig whole;
        try (Endpoint judge = new Endpoint((number, request) -> reply(request))) {
            whole = config("whole", judge, "capo");
            TinyRuns.train(whole);
            failing = judge.requests().size() - 3; // in the second step
        }
        AtomicBoolean down = new AtomicBoolean(true);
        List<String> answered = Collections.synchronizedList(new ArrayList<>());
        try (Endpoint judge = new Endpoint((number, request) -> {
            if (number >= failing && down.get()) {
                return Reply.of(503);
            }
            answered.add(request);
            return reply(request);
        })) {
            TrainConfig config = config("paused", judge, "capo");
            assertThatThrownBy(() -> TinyRuns.train(config))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("paused after 1 steps", "the judge http", "status 503", "--resume");
            down.set(false);
            assertThat(TinyRuns.train(config, true, () -> false).steps()).isEqualTo(2);
            assertThat(answered).as("all once").hasSize(failing + 3).doesNotHaveDuplicates();
            assertThat(TinyRuns.metrics(config.out())).isEqualTo(TinyRuns.metrics(whole.out()));
            TinyRuns.requireSameCheckpoint(
                    config.out().resolve("checkpoint-2"), whole.out().resolve("checkpoint-2"));
        }
        try (Endpoint elsewhere = new Endpoint((number, request) -> reply(request))) {
            TrainConfig moved = config("paused", elsewhere, "capo");
            assertThat(TinyRuns.train(moved, true, () -> false).steps()).isEqualTo(2);
            assertThatThrownBy(() -> TinyRuns.train(
                            config("paused", elsewhere, "capo", "credit.judge.temperature=0.1"), true, () -> false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("credit.judge.temperature");
        }
    }

    @Test
    void aStrategyThatNeedsAJudgeIsRefusedWithoutOne() {
        assertThatThrownBy(() -> TinyRuns.grpo(directory, "credit.strategy=capo"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("credit.judge.url");
        assertThatThrownBy(() -> TinyRuns.grpo(
                        directory, "credit.strategy=capo", "credit.judge.url=ftp://x", "credit.judge.model=m"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("ftp://x", "http://localhost:8000/v1", "UPBEAT_JUDGE_KEY");
    }
}
