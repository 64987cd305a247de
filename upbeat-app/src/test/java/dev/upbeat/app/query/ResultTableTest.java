package dev.upbeat.app.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.store.RunSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
    @TempDir
    private static Path directory;

    private static RunSql sql;

    @BeforeAll
    static void openARun() throws IOException {
        Files.writeString(directory.resolve("metrics.jsonl"), "{\"step\": 0, \"reward\": 0.5}\n");
        sql = RunSql.open(directory);
    }

    @AfterAll
    static void close() {
        sql.close();
    }

    @Test
    void aTableIsAlignedWithNumbersToTheRight() throws IOException {
        assertThat(table("VALUES ('a', 1.5, true), ('bcd', 20, NULL), (NULL, NULL, false)"))
                .isEqualTo("""
                col0 | col1 | col2
                -----+------+------
                a    |  1.5 | true
                bcd  | 20.0 | NULL
                NULL | NULL | false
                (3 rows)
                """);
    }

    @Test
    void wideCharactersTakeTwoColumnsAndCombiningMarksNone() throws IOException {
        assertThat(table("VALUES ('日本', 1), ('e' || chr(769), 2), ('🎉', 3), ('abcd', 4)"))
                .isEqualTo("""
                col0 | col1
                -----+-----
                日本 |    1
                e\u0301    |    2
                🎉   |    3
                abcd |    4
                (4 rows)
                """);
    }

    @Test
    void lineBreaksAndControlCharactersAreShownNotObeyed() throws IOException {
        assertThat(table("SELECT chr(10) || chr(9) || chr(27) || '[31m' || chr(8238) AS token"))
                .contains("\n\\n\\t\\u001b[31m\\u202e\n");
    }

    @Test
    void longTextsAndListsAreShortened() throws IOException {
        String query = "SELECT range(1000) AS l, repeat('日', 100) AS s";

        assertThat(table(query)).contains("[0, 1, 2, 3, ... 1000 in all] | " + "日".repeat(28) + "...\n");
    }

    @Test
    void aTableOfNoRowsStillHasItsHead() throws IOException {
        assertThat(table("SELECT 1 AS one, 2 AS two WHERE false")).isEqualTo("""
                one | two
                ----+----
                (0 rows)
                """);
        assertThat(table("SELECT 1 AS one")).endsWith("(1 row)\n");
    }

    @Test
    void aTableOfManyRowsIsWhole() throws IOException {
        for (int rows : new int[] {999, 1000, 1001, 5000}) {
            assertThat(table("SELECT i FROM range(" + rows + ") t(i)").lines())
                    .hasSize(rows + 3)
                    .contains("i", "  0", rows - 1 + "")
                    .endsWith("(" + rows + " rows)");
        }
    }

    private static String table(String query) throws IOException {
        StringBuilder out = new StringBuilder();
        sql.query(query, QueryFormat.TABLE.writer(), out);
        return out.toString();
    }
}
