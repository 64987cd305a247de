package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.endpoint.Endpoint;
import dev.upbeat.task.endpoint.Endpoint.Reply;
import dev.upbeat.testing.OneThread;
import dev.upbeat.trace.Score;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Training on a user's rows. */
@ExtendWith(OneThread.class)
class TaskTrainingTest {
    private static final String REWARD = "{\"reward\": 0.25}";

    @TempDir
    private static Path directory;

    private static Path data;

    @BeforeAll
    static void makeAModelAndRows() throws IOException {
        TinyRuns.model(directory);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add("{\"id\": \"r" + i + "\", \"prompt\": \"" + (i + 1) + " 44 37 > 75\\n\", \"answer\": \"7\"}");
        }
        data = Files.write(directory.resolve("rows.jsonl"), rows);
    }

    /** A task of one's own: shorter answers are better. */
    @NullMarked
    public static final class Brevity implements Task {
        @Override
        public String name() {
            return "brevity";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem(row.id(), row.messages(), row.text(), row.requiredAnswer());
        }

        @Override
        public Score verify(Problem problem, String response) {
            return new Score(1.0 / (1 + response.length()), Map.of(Score.CORRECT, 0.0), response, "counted");
        }
    }

    private static Path train(String out, String... overrides) throws IOException {
        TinyRuns.train(config(out, overrides));
        return directory.resolve(out);
    }

    private static TrainConfig config(String out, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.addAll(List.of(
                "out=" + directory.resolve(out),
                "learn.steps=2",
                "task.data=" + data,
                "task.test=2",
                "task.format_reward=0",
                "task.length_penalty=0",
                "checkpoint.every=1"));
        return TinyRuns.grpo(directory, all.toArray(String[]::new));
    }

    private static Set<String> problemsAsked(Path run) throws IOException {
        Set<String> ids = new TreeSet<>();
        for (String line : Files.readAllLines(run.resolve("eval.jsonl"))) {
            ids.add(new ObjectMapper().readTree(line).get("id").textValue());
        }
        return ids;
    }

    @Test
    void aCustomTaskTrainsOnTheRowsOfAFile() throws IOException {
        Path run = train("own", "task.name=class", "task.class=" + Brevity.class.getName());
        JsonNode step = TinyRuns.line(run, 1);
        assertThat(step.get("reward").doubleValue()).isBetween(0.001, 1.0);
        assertThat(problemsAsked(run)).containsExactly("r6", "r7");
        JsonNode provenance =
                new ObjectMapper().readTree(run.resolve("provenance.json").toFile());
        assertThat(provenance.get("data").get("name").textValue()).isEqualTo("rows.jsonl");
    }

    @Test
    void anEndpointGivesTheRewards() throws IOException {
        try (Endpoint endpoint = new Endpoint(number -> Reply.ok(REWARD))) {
            Path run = train("endpoint", "task.name=endpoint", "task.endpoint=" + endpoint.url());
            JsonNode step = TinyRuns.line(run, 2);
            assertThat(step.get("reward").doubleValue()).isEqualTo(0.25);
            for (String name :
                    List.of("entropy", "credit/gamma_mean", "credit/amplified_share", "credit/coupled_share")) {
                assertThat(step.get(name))
                        .as(name + " where all rewards are equal")
                        .isEqualTo(NullNode.instance);
            }
            assertThat(endpoint.requests())
                    .anySatisfy(request -> assertThat(request).contains("44 37 > 75\\n\""));
        }
    }

    @Test
    void anOutageOfTheEndpointPausesTheRun() throws IOException {
        AtomicBoolean down = new AtomicBoolean();
        // Requests: 2 held-out problems, then 8 responses a step, 2 held-out again after the last.
        try (Endpoint endpoint = new Endpoint(number -> down.get() || number == 12 ? outage(down) : Reply.ok(REWARD))) {
            String[] overrides = {
                "task.name=endpoint",
                "task.endpoint=" + endpoint.url(),
                "task.endpoint_retries=0",
                "task.endpoint_concurrency=1",
                "task.endpoint_patience=0"
            };
            assertThatThrownBy(() -> train("paused", overrides))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("paused after 1 steps")
                    .hasMessageContaining("status 503")
                    .hasMessageContaining("--resume");
            Path run = directory.resolve("paused");
            assertThat(run.resolve("checkpoint-1")).exists();
            assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
                    .hasSize(2); // before the first step, and after it
            down.set(false);
            Training.Result resumed = TinyRuns.train(config("paused", overrides), true, () -> false);
            assertThat(resumed.steps()).isEqualTo(2);
            Path whole = train("whole", "task.name=endpoint", "task.endpoint=" + endpoint.url());
            assertThat(TinyRuns.metrics(run)).isEqualTo(TinyRuns.metrics(whole));
        }
    }

    private static Reply outage(AtomicBoolean down) {
        down.set(true);
        return Reply.of(503);
    }

    @Test
    void unusableRowsAreReportedBeforeTheFirstStep() throws IOException {
        Path two = Files.write(
                directory.resolve("two.jsonl"), Files.readAllLines(data).subList(0, 2));
        assertRefused("has 2 rows", "task.data=" + two);
        Path blank =
                Files.writeString(directory.resolve("blank.jsonl"), "{\"prompt\": \"6 44 37 > 75\\n\"}\n".repeat(3));
        assertRefused("blank.jsonl, line 1: task: class", "task.data=" + blank);
        Path foreign = Files.writeString(
                directory.resolve("foreign.jsonl"), "{\"prompt\": \"Hello\", \"answer\": \"7\"}\n".repeat(3));
        assertRefused("foreign.jsonl, line 1: problem row-1: ", "task.data=" + foreign);
        assertRefusedOf("no.Such", "not on the class path", "task.data=" + data);
        assertRefusedOf(OneId.class.getName(), "r1 a problem with the id same", "task.data=" + data);
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    /** Gives every problem the same id. */
    @NullMarked
    public static final class OneId implements Task {
        @Override
        public String name() {
            return "one-id";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem("same", row.messages(), row.text(), row.requiredAnswer());
        }

        @Override
        public Score verify(Problem problem, String response) {
            return Score.of(false, null, "never right");
        }
    }

    @Test
    void aHeldOutProblemAmongTheTrainingRowsIsRefused() throws IOException {
        Path test = Files.write(
                directory.resolve("held-out.jsonl"),
                List.of(
                        "{\"id\": \"new\", \"prompt\": \"9 44 37 > 75\\n\", \"answer\": \"7\"}",
                        "{\"id\": \"old\", \"prompt\": \"3 44 37 > 75\\n\", \"answer\": \"8\"}"));
        assertRefused(
                "held-out.jsonl: row old asks the same as row r2 of " + data,
                "task.data=" + data,
                "task.test_data=" + test);
        assertThat(directory.resolve("refused")).doesNotExist();
        Path twice = Files.write(
                directory.resolve("twice.jsonl"),
                List.of(
                        "{\"id\": \"a\", \"prompt\": \"3 44 37 > 75\\n\", \"answer\": \"7\"}",
                        "{\"id\": \"b\", \"prompt\": \"4 44 37 > 75\\n\", \"answer\": \"7\"}",
                        "{\"id\": \"c\", \"prompt\": \"3 44 37 > 75\\n\", \"answer\": \"7\"}"));
        assertRefused("twice.jsonl: row c asks the same as row a of " + twice, "task.data=" + twice);
        Path run = train(
                "disjoint",
                "task.name=class",
                "task.class=" + Brevity.class.getName(),
                "task.test_data=" + test,
                "task.train=2");
        assertThat(problemsAsked(run)).as("r2 is not among the first two").containsExactly("new", "old");
    }

    private static void assertRefused(String message, String... overrides) {
        assertRefusedOf(Brevity.class.getName(), message, overrides);
    }

    private static void assertRefusedOf(String className, String message, String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "task.name=class", "task.class=" + className, "task.test=2", "out=" + directory.resolve("refused")));
        all.addAll(List.of(overrides));
        assertThatThrownBy(() -> TinyRuns.train(TinyRuns.grpo(directory, all.toArray(String[]::new))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }
}
