package dev.upbeat.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that stand for a lot. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ParquetBatchesTest {
    @TempDir
    private Path directory;

    private Path write(String query) throws SQLException {
        Path file = directory.resolve("bomb.parquet");
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = 1");
            statement.execute("COPY (" + query + ") TO " + Duck.literal(file) + " (FORMAT parquet, COMPRESSION zstd)");
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            one list of ids      | SELECT 'a' AS id, [1] AS prompt_ids, (SELECT list(7) FROM range(6000000)) AS response_ids | row 1, MiB, response_ids, 64 MiB
            one series           | SELECT 'a' AS id, [1] AS prompt_ids, [1] AS response_ids, (SELECT list(1::FLOAT) FROM range(6000000)) AS waad | row 1, waad, 64 MiB
            one text             | SELECT 'a' AS prompt UNION ALL SELECT repeat('a', 70000000) | row 2, prompt, 64 MiB
            many rows            | SELECT 'a' AS prompt FROM range(1000001) | 1000001 rows, 1000000
            a list of texts      | SELECT 'a' AS prompt, [1] AS response_ids, (SELECT list(repeat('c', 1000)) FROM range(80000)) AS messages | row 1, messages, 64 MiB
            """)
    void aFileThatExpandsIsRefusedByItsLimit(String what, String query, String parts) throws SQLException {
        Path file = write(query);
        assertThat(file.toFile().length()).as(what).isLessThan(1_000_000);
        String[] expected = parts.split(", ");
        assertThatThrownBy(() -> TraceFile.read(file))
                .as(what)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(expected)
                .hasMessageContaining("bomb.parquet");
        boolean ofTraces = query.contains("response_ids") && !query.contains("messages");
        if (!ofTraces) {
            assertThatThrownBy(() -> TaskRowFile.readPrompts(file, Integer.MAX_VALUE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(expected);
            assertThatThrownBy(() -> TaskRowFile.read(file, Integer.MAX_VALUE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(expected);
        } else {
            assertThatThrownBy(() -> SeriesFile.read(file, List.of(), "a test"))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("64 MiB");
        }
    }

    /** Written in some seconds: DuckDB looks at every copy of the text. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(
            strings = {
                "SELECT repeat('a', 1000000) AS prompt FROM range(1200)",
                "SELECT [{'role': 'user', 'content': x}] AS messages FROM (SELECT repeat('b', 1000000) AS x FROM range(1200))"
            })
    void oneTextInManyRowsIsRefused(String query) throws SQLException {
        Path file = write(query);
        assertThatThrownBy(() -> TaskRowFile.readPrompts(file, Integer.MAX_VALUE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("MiB as text", "1024 MiB", "--limit");
    }

    @Test
    void theRowsBeforeALimitAreRead() throws SQLException, IOException {
        Path many = write("SELECT 'p' || range AS prompt FROM range(1000001)");
        assertThat(TaskRowFile.readPrompts(many, 5))
                .hasSize(5)
                .last()
                .extracting(row -> row.prompt().text())
                .isEqualTo("p4");
    }

    @Test
    void aSmallFileIsOneBatch() throws SQLException {
        Path file = write("SELECT range AS step, 'a' AS prompt FROM range(10)");
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            assertThat(ParquetBatches.of(statement, file, Duck.columns(statement, "FROM " + source(file)), 7, true))
                    .containsExactly("file_row_number < 7");
        }
    }

    private static String source(Path file) {
        return "read_parquet(" + Duck.literal(file) + ")";
    }

    @Test
    void longRowsAreReadInSeveralBatchesInTheirOrder() throws SQLException, IOException {
        Path file = write(
                "SELECT 'r' || range AS id, repeat(chr((97 + range % 26)::INT), 25000000) AS prompt FROM range(5)");
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            assertThat(ParquetBatches.of(statement, file, Duck.columns(statement, "FROM " + source(file)), 100, true))
                    .hasSize(3);
        }
        List<TaskRow> rows = TaskRowFile.readPrompts(file, 100);
        assertThat(rows).extracting(TaskRow::id).containsExactly("r0", "r1", "r2", "r3", "r4");
        assertThat(rows)
                .allMatch(row ->
                        row.prompt().text() != null && row.prompt().text().length() == 25_000_000);
    }

    @Test
    void aFooterThatLiesIsRefused() throws SQLException, IOException {
        for (int back : new int[] {5, 6, 7, 8}) {
            Path file = write("SELECT 'a' || range AS prompt FROM range(1000)");
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.seek(bytes.length() - back);
                bytes.write(0xFF);
            }
            assertThatThrownBy(() -> TaskRowFile.readPrompts(file, 10)).isInstanceOf(BadInputException.class);
        }
        Path cut = write("SELECT 'a' || range AS prompt FROM range(1000)");
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> TaskRowFile.readPrompts(cut, 10)).isInstanceOf(BadInputException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1                                                     | 12
            'abcd'                                                | 8
            NULL::VARCHAR                                         | 4
            [1, 2, 3]                                             | 36
            ['ab', 'cd']                                          | 20
            [[1, 2], [3]]                                         | 44
            {'role': 'user', 'content': 'hello'}                  | 38
            {'a"b, c': 'x', 'd': [1]}                             | 34
            MAP {'k': 'value'}                                    | 22
            [{'role': 'user', 'content': 'hello'}]                | 42
            """)
    void theLengthOfAValueIsEstimatedWithoutMakingIt(String value, long length) throws SQLException {
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            String type = requireNonNull(
                    Duck.columns(statement, "SELECT " + value + " AS v").get("v"));
            try (ResultSet row = statement.executeQuery(
                    "SELECT (" + JsonLength.of("v", type) + ")::BIGINT FROM (SELECT " + value + " AS v)")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(length);
            }
        }
    }
}
