package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreCommandTest {
    @TempDir
    Path directory;

    private Cli score(String task, Object... options) {
        List<Object> args = new ArrayList<>(List.of(
                "score",
                "--task",
                task,
                "--data",
                directory.resolve("data.jsonl"),
                "--responses",
                directory.resolve("responses.jsonl")));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }

    private void data(String... rows) {
        TinyModel.lines(directory.resolve("data.jsonl"), rows);
    }

    private void responses(String... rows) {
        TinyModel.lines(directory.resolve("responses.jsonl"), rows);
    }

    private void threeProblems() {
        data(
                "{\"id\": \"a\", \"question\": \"How many are 9 twos?\", \"answer\": \"9 * 2 = 18\\n#### 18\"}",
                "{\"id\": 2, \"question\": \"1 + 1?\", \"answer\": \"2\"}",
                "{\"id\": \"c\", \"question\": \"2 + 2?\", \"answer\": \"4\"}");
    }

    @Test
    void verdictsFollowTheOrderOfTheData() {
        threeProblems();
        responses(
                "{\"id\": \"c\", \"response\": \"The answer is 5\"}",
                "{\"id\": \"a\", \"response\": \"The answer is 18\", \"model\": \"ignored\"}",
                "{\"id\": \"2\", \"response\": \"\"}");
        Cli run = score("gsm8k").done();
        List<JsonNode> rows = run.rows();
        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(row.fieldNames()).toIterable().containsExactly("id", "reward", "parsed", "reason"));
        assertThat(rows.stream().map(row -> row.get("id").textValue())).containsExactly("a", "2", "c");
        assertThat(rows.stream().map(row -> row.get("reward").doubleValue())).containsExactly(1.0, 0.0, 0.0);
        assertThat(rows.get(0).get("parsed").textValue()).isEqualTo("18");
        assertThat(run.err()).contains("1 of 3 right (33.3 %)");
        assertThat(score("gsm8k", "--quiet").done().err()).isEmpty();
    }

    @Test
    void aLimitJudgesTheFirstRowsAlone() {
        threeProblems();
        responses("{\"id\": \"c\", \"response\": \"5\"}", "{\"id\": \"a\", \"response\": \"The answer is 18\"}");
        assertThat(score("gsm8k", "--limit", "1").done().rows())
                .singleElement()
                .satisfies(row -> assertThat(row.get("id").textValue()).isEqualTo("a"));
        score("gsm8k", "--limit", "0").refused("--limit 0", "at least 1 row");
    }

    @Test
    void theRowsOfAnEvaluationAreReadDirectly() {
        Path eval = directory.resolve("eval.jsonl");
        TinyModel.lines(
                eval,
                "{\"id\":\"a\",\"prompt\":\"9 * 2?\",\"answer\":\"18\",\"accuracy\":0.5,\"rewards\":[1.0,0.0],\"parsed\":[\"18\",\"9\"],"
                        + "\"reasons\":[\"right\",\"wrong\"],\"responses\":[\"The answer is 18\",\"The answer is 9\"],"
                        + "\"response_tokens\":[4,4],\"stopped\":[true,true]}");
        Cli run = Cli.upbeat("score", "--task", "gsm8k", "--data", eval, "--responses", eval)
                .done();
        assertThat(run.rows().stream().map(row -> row.get("sample").intValue())).containsExactly(0, 1);
        assertThat(run.rows().stream().map(row -> row.get("reward").doubleValue()))
                .containsExactly(1.0, 0.0);
        assertThat(run.err()).contains("1 of 2 right");
    }

    @Test
    void puzzlesAndQuestionsAreJudgedToo() {
        data("{\"id\": \"p\", \"question\": \"Make it.\", \"numbers\": [6, 44, 37], \"target\": 75}");
        responses("{\"id\": \"p\", \"response\": \"<answer>44+37-6</answer>\"}");
        assertThat(score("countdown").done().out())
                .isEqualTo("{\"id\":\"p\",\"reward\":1.0,\"parsed\":\"44+37-6\",\"reason\":\"right\"}\n");
        data("{\"id\": \"p\", \"question\": \"Which?\\nA: one\\nB: two\", \"answer\": \"B\"}");
        responses("{\"id\": \"p\", \"response\": \"\\\\boxed{A}\"}");
        assertThat(score("crossthink-qa").done().rows().get(0).get("reason").textValue())
                .isEqualTo("the answer is A; expected B");
    }

    @Test
    void termsAddToTheRewardAndShow() {
        threeProblems();
        responses(
                "{\"id\": \"a\", \"response\": \"The answer is 18\"}",
                "{\"id\": \"2\", \"response\": \"The answer is 3\"}",
                "{\"id\": \"c\", \"response\": \"<think>long</think> The answer is 4\"}");
        Cli run = score(
                        "gsm8k",
                        "--format-reward",
                        "0.1",
                        "--form",
                        "think",
                        "--form-reward",
                        "0.5",
                        "--length-penalty",
                        "2",
                        "--length",
                        "16:36")
                .done();
        List<JsonNode> rows = run.rows();
        assertThat(rows.get(0).get("reward").doubleValue()).isEqualTo(1);
        assertThat(rows.get(1).get("reward").doubleValue()).isEqualTo(0.1);
        assertThat(rows.get(2).get("reward").doubleValue()).isEqualTo(1 + 0.5 - 1.9);
        assertThat(rows.get(2).get("parts").toString()).contains("\"correct\":1.0", "\"form\":0.5", "\"length\":-1.9");
    }

    @Test
    void rowsAndResponsesThatDoNotMatchAreRefused() {
        threeProblems();
        responses("{\"id\": \"a\", \"response\": \"x\"}");
        score("gsm8k")
                .refused(
                        "responses.jsonl: has no response to row 2 (and 1 more of 3)",
                        "Leave rows without a response out of --data");
        responses(
                "{\"id\": \"a\", \"response\": \"x\"}",
                "{\"id\": \"2\", \"response\": \"x\"}",
                "{\"id\": \"c\", \"response\": \"x\"}",
                "{\"id\": \"d\", \"response\": \"x\"}");
        score("gsm8k").refused("responses.jsonl: has a response to row d", "data.jsonl does not have");
        responses("{\"id\": \"a\", \"response\": \"x\"}", "{\"id\": \"a\", \"response\": \"y\"}");
        score("gsm8k").refused("responses.jsonl, line 2: id a is already the id of row");
        responses("{\"response\": \"x\"}");
        score("gsm8k").refused("responses.jsonl, line 1: has no id");
        responses("{\"id\": \"a\", \"response\": 7}");
        score("gsm8k").refused("response is 7; expected a text");
        responses("");
        score("gsm8k").refused("responses.jsonl: has no rows");
        data(
                "{\"id\": \"a\", \"question\": \"?\", \"answer\": \"1\"}",
                "{\"id\": \"a\", \"question\": \"?\", \"answer\": \"1\"}");
        score("gsm8k").refused("data.jsonl, line 2: id a is already the id of row");
        data("{\"id\": \"a\", \"question\": \"?\"}");
        score("gsm8k").refused("line 1: row a has no answer");
        data("not JSON");
        score("gsm8k").refused("data.jsonl, line 1");
    }

    @Test
    void optionsThatCannotBeUsedAreRefused() {
        threeProblems();
        responses("{\"id\": \"a\", \"response\": \"x\"}");
        score("gsm88k").refused("task gsm88k is not known (gsm8k?)");
        score("gsm8k", "--format-reward", "1").refused("format reward 1.0");
        score("gsm8k", "--form", "think").refused("--form", "--form-reward");
        score("gsm8k", "--form", "tank", "--form-reward", "1").refused("--form tank");
        score("gsm8k", "--length", "1:2").refused("--length-penalty");
        score("gsm8k", "--length", "2", "--length-penalty", "1").refused("--length 2", "2000:4000");
        score("gsm8k", "--length", "2:1", "--length-penalty", "1").refused("length 2 to 1");
        score("gsm8k", "--class", "a.B").refused("--class applies only to --task class");
        score("class").refused("--task class needs --class");
        score("class", "--class", "a.B").refused("class a.B is not on the class path", "UPBEAT_CLASSPATH");
        score("class", "--class", "java.lang.Object").refused("does not implement dev.upbeat.task.Task");
        score("endpoint").refused("--task endpoint needs --endpoint");
        score("endpoint", "--endpoint", "nowhere").refused("endpoint nowhere", "http://");
        score("gsm8k", "--endpoint-retries", "1").refused("--endpoint-retries");
        score("endpoint", "--endpoint", "http://localhost/", "--endpoint-concurrency", "0")
                .refused("concurrency 0");
    }

    @Test
    void anEndpointThatIsDownIsAFailure() {
        data("{\"id\": \"a\", \"question\": \"?\"}");
        responses("{\"id\": \"a\", \"response\": \"x\"}");
        Cli run = score("endpoint", "--endpoint", "http://127.0.0.1:9/reward", "--endpoint-retries", "0");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("the reward endpoint http://127.0.0.1:9/reward: cannot be reached");
    }

    /** A class that does with row 2 what its row asks for. */
    public static final class Faulty implements Task {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem(row.id(), null, row.asked(), String.valueOf(row.answer()));
        }

        @Override
        @SuppressWarnings("NullAway") // null is one of its faults
        public Score verify(Problem problem, String response) {
            return switch (problem.answer()) {
                case "null" -> null;
                case "throw" -> throw new IllegalStateException("out of luck");
                case "overflow" -> verify(problem, response);
                default -> new Score(1, Map.of(Score.CORRECT, 1.0), response, "right");
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "null, cannot judge the response to row 2: it returns null",
        "throw, cannot judge the response to row 2: out of luck (java.lang.IllegalStateException at ScoreCommandTest.java:",
        "overflow, cannot judge the response to row 2: java.lang.StackOverflowError"
    })
    void aFailingCustomTaskIsNamedWithItsRow(String fault, String told) {
        data(
                "{\"id\": 1, \"question\": \"?\", \"answer\": \"fine\"}",
                "{\"id\": 2, \"question\": \"?\", \"answer\": \"" + fault + "\"}");
        responses("{\"id\": 1, \"response\": \"x\"}", "{\"id\": 2, \"response\": \"x\"}");
        score("class", "--class", Faulty.class.getName()).refused("class " + Faulty.class.getName(), told);
    }

    @Test
    void threadsThatCannotBeAreRefusedThoughNoneAreUsed() {
        threeProblems();
        responses("{\"id\": \"a\", \"response\": \"x\"}");
        score("gsm8k", "--threads", "0").refused("--threads 0: expected 1 to");
        score("gsm8k", "--threads", "100000").refused("--threads 100000: expected 1 to");
    }

    @Test
    void anIdWithAControlCharacterIsRefused() {
        threeProblems();
        responses("{\"id\": \"a\\u0000b\", \"response\": \"x\"}");
        score("gsm8k").refused("responses.jsonl, line 1: id has the control character U+0000 at its character 2");
    }

    @Test
    void aPortThatThereIsNotIsRefused() {
        threeProblems();
        score("endpoint", "--endpoint", "http://localhost:99999/x").refused("port 99999; expected 1 to 65535");
    }
}
