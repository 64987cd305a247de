package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
    @TempDir
    private Path directory;

    @Test
    void idsAreReadWithTemperatureAndReward() throws IOException {
        TraceRow row = read("""
                {"id": "a", "prompt_ids": [0, 1], "response_ids": [2147483647], "temperature": 0.7, "reward": -1}
                """);

        assertThat(row.id()).isEqualTo("a");
        assertThat(row.promptIds()).containsExactly(0, 1);
        assertThat(row.responseIds()).containsExactly(Integer.MAX_VALUE);
        assertThat(row.temperature()).isEqualTo(0.7);
        assertThat(row.reward()).isEqualTo(-1);
        assertThat(row.series()).isEmpty();
    }

    @Test
    void textIsReadAsTextOrAsMessages() throws IOException {
        List<TraceRow> rows = TraceFile.read(jsonl("""
                {"prompt": "Once", "response": " upon"}
                {"messages": [{"role": "user", "content": "Hi"}], "response": "Ho"}
                """));

        assertThat(rows.get(0))
                .isEqualTo(new TraceRow(
                        "row-1",
                        null,
                        null,
                        Prompt.of("Once"),
                        " upon",
                        null,
                        null,
                        rows.get(0).series(),
                        rows.get(0).place()));
        assertThat(rows.get(1).place()).endsWith(".jsonl, line 2");
        assertThat(rows.get(1).prompt()).isEqualTo(Prompt.of(List.of(new Message("user", "Hi"))));
    }

    @Test
    void aCompletionOrAFinalAssistantMessageIsTheResponse() throws IOException {
        String user = "{\"role\": \"user\", \"content\": \"Hi\"}";
        String assistant = "{\"role\": \"assistant\", \"content\": \"Ho\"}";
        Prompt hi = Prompt.of(List.of(new Message("user", "Hi")));
        for (String line : List.of(
                "{\"question\": \"Hi\", \"completion\": \"Ho\"}",
                "{\"prompt\": [" + user + "], \"completion\": [" + assistant + "]}",
                "{\"messages\": [" + user + ", " + assistant + "]}",
                "{\"prompt\": [" + user + ", " + assistant + "]}")) {
            TraceRow row = read(line);
            assertThat(row.prompt()).as(line).isEqualTo(hi);
            assertThat(row.response()).as(line).isEqualTo("Ho");
        }
        TraceRow continued = read("{\"messages\": [" + user + ", " + assistant + "], \"response\": \"!\"}");
        assertThat(continued.prompt())
                .as("the response continues the message")
                .isEqualTo(Prompt.of(List.of(new Message("user", "Hi"), new Message("assistant", "Ho"))));
        assertThat(continued.response()).isEqualTo("!");
    }

    @Test
    void exactIdsWinOverTextOnEitherSide() throws IOException {
        TraceRow both = read("""
                {"prompt": "Once", "messages": [], "response": "upon", "prompt_ids": [1], "response_ids": [2]}
                """);
        assertThat(both.prompt()).isNull();
        assertThat(both.response()).isNull();

        TraceRow oneSide = read("""
                {"prompt": "Once", "response": "upon", "response_ids": [2]}
                """);
        assertThat(oneSide.prompt()).isEqualTo(Prompt.of("Once"));
        assertThat(oneSide.response()).isNull();
        assertThat(oneSide.responseIds()).containsExactly(2);
    }

    @Test
    void aGreedyResponsesTemperatureOfZeroIsTauOne() throws IOException {
        assertThat(read("""
                {"prompt_ids": [1], "response_ids": [2], "temperature": 0}
                """).temperature()).isEqualTo(1);
    }

    @Test
    void seriesAreReadWithNaNWhereTheyAreUndefined() throws IOException {
        TraceRow row = read("""
                {"prompt_ids": [1], "response_ids": [2, 3], "waad": [0.1, 1e-40], "fai": [0.25, null],
                """.strip() + " \"entropy_nats\": [NaN, 2], \"receiver_fai\": null}");

        assertThat(row.series().get("waad")).containsExactly(0.1f, 1e-40f);
        assertThat(row.series().get("fai")).containsExactly(0.25f, Float.NaN);
        assertThat(row.series().get("entropy_nats")).containsExactly(Float.NaN, 2);
        assertThat(row.series()).doesNotContainKeys("receiver_fai", "log_prob");
    }

    @Test
    void parquetGivesTheSameRowsAsJsonl() throws IOException, SQLException {
        Path file = Parquet.write(directory.resolve("traces.parquet"), """
                SELECT 1 AS id, [1, 2]::BIGINT[] AS prompt_ids, [3, 4]::USMALLINT[] AS response_ids, 0.5 AS temperature,
                       [0.1::FLOAT, NULL] AS waad, ['nan'::DOUBLE, 1e-7] AS fai, NULL::FLOAT[] AS receiver_fai,
                       'text' AS response""");

        TraceRow row = TraceFile.read(file).get(0);

        assertThat(row.id()).isEqualTo("1");
        assertThat(row.promptIds()).containsExactly(1, 2);
        assertThat(row.responseIds()).containsExactly(3, 4);
        assertThat(row.response()).isNull();
        assertThat(row.temperature()).isEqualTo(0.5);
        assertThat(row.series().get("waad")).containsExactly(0.1f, Float.NaN);
        assertThat(row.series().get("fai")).containsExactly(Float.NaN, 1e-7f);
        assertThat(row.series()).doesNotContainKey("receiver_fai");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt_ids\": [], \"response_ids\": [1]}           | prompt_ids is empty",
                "{\"prompt_ids\": [1], \"response_ids\": []}           | response_ids is empty",
                "{\"prompt_ids\": [1], \"response_ids\": [], \"response\": \"a\"} | response_ids is empty",
                "{\"prompt\": \"\", \"response\": \"a\"}               | prompt is empty",
                "{\"prompt\": \"a\", \"response\": \"\"}               | response is empty",
                "{\"prompt\": \"a\", \"messages\": [], \"response\": \"b\"} | both messages and prompt",
                "{\"prompt\": \"a\"}                                   | has no response; expected response_ids or response",
                "{\"response\": \"a\"}                                 | has no prompt; expected prompt_ids, prompt, messages or question",
                "{\"prompt\": \"a\", \"response\": \"b\", \"completion\": \"c\"} | both response and completion",
                "{\"prompt\": \"a\", \"completion\": 7}              | completion is 7; expected a text",
                "{\"prompt\": \"a\", \"completion\": [{\"role\": \"user\", \"content\": \"b\"}]} | messages [user]; expected a text, or one assistant message",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]} | messages that end with an assistant's",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"a\"}]} | expected a user's message before it",
                "{\"question\": \"a\", \"completion\": [{\"role\": \"assistant\", \"content\": \"b\", \"reasoning_content\": \"c\"}]} | has reasoning_content",
                "{\"id\": \"a\"}                                       | given: id",
                "{\"prompt_ids\": [-1], \"response_ids\": [1]}         | prompt_ids[0] is -1",
                "{\"prompt_ids\": [1.0], \"response_ids\": [1]}        | prompt_ids[0] is 1.0",
                "{\"prompt_ids\": [2147483648], \"response_ids\": [1]} | prompt_ids[0] is 2147483648",
                "{\"prompt_ids\": [1, null], \"response_ids\": [1]}    | prompt_ids[1] is null",
                "{\"prompt_ids\": [true], \"response_ids\": [1]}       | prompt_ids[0] is true",
                "{\"prompt_ids\": [[1]], \"response_ids\": [1]}        | prompt_ids[0] is an array",
                "{\"prompt_ids\": \"1 2\", \"response_ids\": [1]}      | prompt_ids is a text",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"temperature\": -1}   | temperature is -1.0",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"temperature\": NaN}  | temperature is NaN",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"reward\": \"good\"}  | reward is a text",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"waad\": [1, 2]}      | waad has 2 values; expected 1",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"waad\": [\"1\"]}     | waad[0] is a text",
                "{\"prompt_ids\": [1], \"response_ids\": [1], \"waad\": [1e39]}      | waad[0] is 1.0E39",
            })
    void aRowThatCannotBeUsedIsNamed(String line, String what) throws IOException {
        Path file = jsonl(line + "\n");

        assertThatThrownBy(() -> TraceFile.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(file + ", line 1: ")
                .hasMessageContaining(what);
    }

    private TraceRow read(String line) throws IOException {
        return TraceFile.read(jsonl(line)).get(0);
    }

    private Path jsonl(String lines) throws IOException {
        return Files.writeString(directory.resolve("traces.jsonl"), lines);
    }
}
