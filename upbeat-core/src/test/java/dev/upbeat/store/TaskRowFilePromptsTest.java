package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskRowFilePromptsTest {
    @TempDir
    private Path directory;

    @Test
    void theThreeFormsOfPromptsAreRead() throws IOException {
        List<TaskRow> rows = TaskRowFile.readPrompts(jsonl("""
                {"id": "a", "messages": [{"role": "system", "content": ""}, {"role": "user", "content": "Hi"}]}
                {"id": "b", "prompt": "Once upon"}
                {"id": "c", "question": "1 + 1?", "answer": "2", "url": "ignored", "solution": {"ignored": true}}
                """));

        assertThat(rows)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(
                        new TaskRow(
                                "a", Prompt.of(List.of(new Message("system", ""), new Message("user", "Hi"))), null),
                        new TaskRow("b", Prompt.of("Once upon"), null),
                        new TaskRow("c", "1 + 1?", "2"));
    }

    @Test
    void aListIsAConversationInJsonlToo() throws IOException {
        List<TaskRow> rows = TaskRowFile.readPrompts(jsonl("""
                {"prompt": [{"role": "user", "content": "Hi"}], "question": "what the prompt was made from"}
                """));

        assertThat(rows)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(new TaskRow("row-1", Prompt.of(List.of(new Message("user", "Hi"))), null));
    }

    @Test
    void parquetAsVerlWritesItIsRead() throws IOException, SQLException {
        Path file = Parquet.write(directory.resolve("verl.parquet"), """
                SELECT 'openai/gsm8k' AS data_source, [{'content': 'How many?', 'role': 'user'}] AS prompt,
                       'math' AS ability, {'style': 'rule', 'ground_truth': '72'} AS reward_model,
                       {'index': 0, 'question': 'How many?'} AS extra_info
                UNION ALL BY NAME
                SELECT 'countdown' AS data_source, [{'content': 'Make 24.', 'role': 'user'}] AS prompt,
                       {'style': 'rule', 'ground_truth': '24'} AS reward_model""");

        assertThat(TaskRowFile.readPrompts(file))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(
                        new TaskRow("row-1", Prompt.of(List.of(new Message("user", "How many?"))), "72"),
                        new TaskRow("row-2", Prompt.of(List.of(new Message("user", "Make 24."))), "24"));
    }

    @Test
    void parquetWithTextPromptsAndNumberedRowsIsRead() throws IOException, SQLException {
        Path file = Parquet.write(
                directory.resolve("trl.parquet"), "SELECT 7::BIGINT AS id, 'Once é' AS prompt, 3.5 AS answer");

        assertThat(TaskRowFile.readPrompts(file))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(new TaskRow("7", Prompt.of("Once é"), "3.5"));
    }

    @Test
    void answersThatAreNotTextAreKeptAsJson() throws IOException {
        List<TaskRow> rows = TaskRowFile.readPrompts(jsonl("""
                {"question": "a", "answer": 204}
                {"question": "b", "reward_model": {"ground_truth": {"target": 24, "numbers": [1, 2]}}}
                {"question": "c", "answer": null}
                """));

        assertThat(rows).extracting(TaskRow::answer).containsExactly("204", "{\"target\":24,\"numbers\":[1,2]}", null);
    }

    @Test
    void aMissingIdIsTheLineNumber() throws IOException {
        List<TaskRow> rows = TaskRowFile.readPrompts(jsonl("""
                {"prompt": "a"}

                {"prompt": "b"}
                {"prompt": "c", "id": 12345678901234567890}
                {"prompt": "d", "id": null}
                """));

        assertThat(rows).extracting(TaskRow::id).containsExactly("row-1", "row-3", "12345678901234567890", "row-5");
    }

    @Test
    void theLimitStopsBeforeLaterRowsAreLookedAt() throws IOException {
        Path file = jsonl("{\"prompt\": \"a\"}\nno JSON at all\n");

        assertThat(TaskRowFile.readPrompts(file, 1)).hasSize(1);
        assertThatThrownBy(() -> TaskRowFile.readPrompts(file, 2)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> TaskRowFile.readPrompts(file, 0)).hasMessageContaining("limit 0");
    }

    @Test
    void lineEndsAndByteOrderMarksDoNotMatter() throws IOException {
        Path file = directory.resolve("windows.jsonl");
        Files.writeString(file, "\uFEFF{\"prompt\": \"a\"}\r\n\r\n{\"prompt\": \"é\\r\\n\"}");

        assertThat(TaskRowFile.readPrompts(file))
                .extracting(row -> row.prompt().text())
                .containsExactly("a", "é\r\n");
        assertThat(TaskRowFile.readPrompts(file))
                .extracting(TaskRow::place)
                .containsExactly(file + ", line 1", file + ", line 3");
    }

    @Test
    void longLinesAreReadUpToALimit() throws IOException {
        Path file = directory.resolve("long.jsonl");
        Files.writeString(file, "{\"prompt\": \"" + "x".repeat(50_000_000) + "\"}\n");
        TaskRow row = TaskRowFile.readPrompts(file).get(0);
        assertThat(row.prompt().text()).hasSize(50_000_000);

        Files.writeString(file, "{\"prompt\": \"a\"}\n" + " ".repeat(JsonLines.LONGEST_LINE_BYTES + 1));
        assertThatThrownBy(() -> TaskRowFile.readPrompts(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("64 MiB");
    }

    @Test
    void wrongUtf8IsNamedByLineAndByte() throws IOException {
        Path file = directory.resolve("latin1.jsonl");
        Files.write(file, "{\"prompt\": \"ok\"}\n{\"prompt\": \"é\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TaskRowFile.readPrompts(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("latin1.jsonl, line 2: byte 13 of the line")
                .hasMessageContaining("0xe9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": \"a\"              | line 2, column | not valid JSON",
                "{\"prompt\": \"a\"} {}          | line 2, column | not valid JSON",
                "{\"prompt\": \"a\", \"prompt\": \"b\"} | line 2, column | Duplicate",
                "[{\"prompt\": \"a\"}]           | line 2 | expected one object a line",
                "{\"id\": \"first\", \"prompt\": \"a\"} | line 2 | id first is already the id of row 1",
                "{\"id\": 1.5, \"prompt\": \"a\"}| line 2 | id is 1.5",
                "{\"id\": \"\", \"prompt\": \"a\"} | line 2 | id is an empty text",
                "{\"prompt\": \"\"}              | line 2 | prompt is empty",
                "{\"prompt\": 5}                 | line 2 | prompt is 5; expected a text",
                "{\"prompt\": \"\\ud800\"}       | line 2 | half a surrogate pair",
                "{\"question\": \"\"}            | line 2 | question is empty",
                "{\"question\": [\"a\"]}         | line 2 | question is an array",
                "{\"messages\": []}              | line 2 | messages is empty",
                "{\"messages\": \"Hi\"}          | line 2 | messages is a text",
                "{\"messages\": [{\"role\": \"user\"}]} | line 2 | messages[0] is without content",
                "{\"messages\": [\"Hi\"]}        | line 2 | messages[0] is a text",
                "{\"messages\": [{\"role\": \"user\", \"content\": null}]} | line 2 | messages[0] is without content",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"\"}]} | line 2 | messages is empty",
                "{\"messages\": [{\"role\": \"u\", \"content\": \"a\"}], \"prompt\": \"b\"} | line 2 | both messages and prompt",
                "{\"text\": \"a\", \"answer\": null} | line 2 | has no prompt; expected messages, prompt or question, given: text",
            })
    void aRowThatCannotBeUsedIsNamed(String line, String where, String what) throws IOException {
        Path file = jsonl("{\"id\": \"first\", \"prompt\": \"fine\"}\n" + line + "\n");

        assertThatThrownBy(() -> TaskRowFile.readPrompts(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(file + ", " + where)
                .hasMessageContaining(what)
                .hasMessageNotContaining("Feature");
    }

    @Test
    void filesWithoutRowsAreRefused() throws IOException, SQLException {
        assertThatThrownBy(() -> TaskRowFile.readPrompts(jsonl("\n \n"))).hasMessageContaining("has no rows");
        assertThatThrownBy(() -> TaskRowFile.readPrompts(jsonl(""))).hasMessageContaining("has no rows");
        assertThatThrownBy(() -> TaskRowFile.readPrompts(directory)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> TaskRowFile.readPrompts(directory.resolve("none.jsonl")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("no such file");
        Path other = Parquet.write(directory.resolve("other.parquet"), "SELECT 1 AS a, 2 AS b");
        assertThatThrownBy(() -> TaskRowFile.readPrompts(other))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has the columns a, b; expected some of id, messages, prompt");
    }

    @Test
    void brokenParquetIsBadInput() throws IOException, SQLException {
        Path file = Parquet.write(directory.resolve("p.parquet"), "SELECT 'a' AS prompt");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 10));

        assertThatThrownBy(() -> TaskRowFile.readPrompts(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("cannot be read as Parquet");
    }

    private Path jsonl(String lines) throws IOException {
        return Files.writeString(directory.resolve("prompts.jsonl"), lines);
    }
}
