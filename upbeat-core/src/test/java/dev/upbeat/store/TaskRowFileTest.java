package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRowFileTest {
    @TempDir
    private Path directory;

    private List<TaskRow> read(String jsonl) throws IOException {
        return TaskRowFile.read(Files.writeString(directory.resolve("rows.jsonl"), jsonl), Integer.MAX_VALUE);
    }

    @Test
    void questionsAndAnswersHaveTheNamesThatDataSetsUse() throws IOException {
        List<TaskRow> rows = read("""
                {"id": "a", "question": "1 + 1?", "answer": "2", "solution": "one and one"}
                {"id": "b", "problem": "1 + 2?", "solution": "It is \\\\boxed{3}."}
                {"id": "c", "puzzle": "There are 2 houses.", "solution": {"rows": [["1", "Ann"]]}}
                {"id": "d", "question": "roots?", "final_answer": ["1, -1"]}
                {"id": "e", "question": "?", "ground_truth": 5}
                """);

        assertThat(rows)
                .extracting(TaskRow::question)
                .containsExactly("1 + 1?", "1 + 2?", "There are 2 houses.", "roots?", "?");
        assertThat(rows)
                .extracting(TaskRow::answer)
                .containsExactly("2", "It is \\boxed{3}.", "{\"rows\":[[\"1\",\"Ann\"]]}", "[\"1, -1\"]", "5");
        assertThat(rows.get(0).fields().path("solution").textValue()).isEqualTo("one and one");
    }

    @Test
    void verlsColumnsAreReadFromParquetAndNoneIsLost() throws IOException, SQLException {
        Path file = Parquet.write(directory.resolve("verl.parquet"), """
                SELECT 'countdown' AS data_source, [{'content': 'Make 24.', 'role': 'user'}] AS prompt,
                       {'style': 'rule', 'ground_truth': {'target': 24, 'numbers': [1, 2, 12]}} AS reward_model,
                       {'index': 7} AS extra_info""");

        TaskRow row = TaskRowFile.read(file, 1).get(0);

        assertThat(row.messages()).containsExactly(new Message("user", "Make 24."));
        assertThat(row.question()).isNull();
        assertThat(row.asked()).isEqualTo("Make 24.");
        assertThat(row.answer()).isEqualTo("{\"target\":24,\"numbers\":[1,2,12]}");
        assertThat(row.fields().path("extra_info").path("index").intValue()).isEqualTo(7);
    }

    @Test
    void aRowThatAsksNothingIsRefusedByItsPlace() {
        assertThatThrownBy(() -> read("{\"id\": \"a\", \"answer\": \"2\"}"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("rows.jsonl, line 1")
                .hasMessageContaining("question")
                .hasMessageContaining("given: id, answer");
        assertThatThrownBy(() -> read("{\"question\": \" \"}")).hasMessageContaining("question is empty");
        assertThatThrownBy(() -> read("{\"id\": 1, \"question\": \"a\"}\n{\"id\": \"1\", \"question\": \"b\"}"))
                .hasMessageContaining("id 1 is already the id of row 1");
    }

    @Test
    void responsesNeedAnIdAndAText() throws IOException {
        Path file = directory.resolve("r.jsonl");
        Files.writeString(file, "{\"id\": 2, \"response\": \"\"}\n{\"id\": \"1\", \"response\": \"x\"}\n");
        assertThat(ResponseFile.read(file).byId())
                .containsExactly(Map.entry("2", List.of("")), Map.entry("1", List.of("x")));
        assertThat(ResponseFile.read(file).sampled()).isFalse();
        Files.writeString(file, "{\"id\": \"1\", \"response\": \"4\\ud800 \\ud83d\\ude00\"}\n");
        assertThat(ResponseFile.read(file).byId()).containsEntry("1", List.of("4\ufffd \ud83d\ude00"));
        Files.writeString(file, "{\"response\": \"x\"}\n");
        assertThatThrownBy(() -> ResponseFile.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("line 1: has no id");
        Files.writeString(file, "{\"id\": \"1\"}\n");
        assertThatThrownBy(() -> ResponseFile.read(file)).hasMessageContaining("has no response");
        Files.writeString(file, "{\"id\": \"1\", \"response\": \"x\"}\n{\"id\": \"1\", \"response\": \"y\"}\n");
        assertThatThrownBy(() -> ResponseFile.read(file)).hasMessageContaining("id 1 is already the id of row");
        Files.writeString(file, "{\"id\": \"1\", \"responses\": []}\n");
        assertThatThrownBy(() -> ResponseFile.read(file)).hasMessageContaining("at least one text");
        Files.writeString(file, "{\"id\": \"1\", \"responses\": [\"a\", 2]}\n");
        assertThatThrownBy(() -> ResponseFile.read(file)).hasMessageContaining("responses holds 2");
    }

    @Test
    void responsesToSeveralBenchmarksWithTheSameIdAreRefused() throws IOException {
        Path file = directory.resolve("benchmarks.jsonl");
        String row = "{\"step\": 5, \"benchmark\": \"%s\", \"id\": \"%s\", \"responses\": [\"1\"]}\n";
        Files.writeString(file, row.formatted("aime24", "a") + row.formatted("aime25", "b"));
        assertThat(ResponseFile.read(file).byId()).containsOnlyKeys("a", "b");
        Files.writeString(file, row.formatted("aime24", "a") + row.formatted("aime25", "a"));
        assertThatThrownBy(() -> ResponseFile.read(file))
                .hasMessageContainingAll(
                        "benchmarks.jsonl", "problem a of several benchmarks", "\"benchmark\":\"aime25\"");
    }

    @Test
    void theLastEvaluationOfATrainingCounts() throws IOException {
        Path file = directory.resolve("eval.jsonl");
        Files.writeString(file, """
                {"step": 0, "id": "a", "responses": ["1", "2"]}
                {"step": 25, "id": "a", "responses": ["3", "4"]}
                """);
        ResponseFile.Responses read = ResponseFile.read(file);
        assertThat(read.byId()).containsExactly(Map.entry("a", List.of("3", "4")));
        assertThat(read.step()).isEqualTo(25);
        assertThat(read.sampled()).isTrue();
    }

    @Test
    void datesAndTimesOfParquetAreTexts() throws Exception {
        Path file = Parquet.write(directory.resolve("dates.parquet"), """
                SELECT DATE '2024-01-05' AS question, TIMESTAMP '2024-01-05 10:30:00' AS answer""");
        TaskRow row = TaskRowFile.read(file, 1).get(0);
        assertThat(row.question()).isEqualTo("2024-01-05");
        assertThat(row.answer()).isEqualTo("2024-01-05 10:30:00");
    }
}
