package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTextTest {
    @TempDir
    private static Path directory;

    private static RunSql sql;

    @BeforeAll
    static void openARun() throws IOException {
        sql = RunSql.open(Samples.write(directory.resolve("run"), List.of(Samples.row("a", 3, new Random(1)))));
    }

    @AfterAll
    static void close() {
        sql.close();
    }

    @Test
    void longTextsAndListsAreWholeInCsv() throws IOException {
        assertThat(csv("SELECT range(1000) AS l, repeat('日', 100) AS s")).contains(",999]\"," + "日".repeat(100) + "\n");
    }

    @Test
    void aCellThatASpreadsheetWouldRunIsText() throws IOException {
        String cells =
                "VALUES ('=1+1'), ('+cmd'), ('-cmd'), ('@SUM(A1)'), (chr(9) || '=1'), (chr(13) || '=1'), ('=a,\"b\"'),"
                        + " ('-1+2')";
        assertThat(csv(cells))
                .isEqualTo("col0\n'=1+1\n'+cmd\n'-cmd\n'@SUM(A1)\n'\t=1\n\"'\r=1\"\n\"'=a,\"\"b\"\"\"\n'-1+2\n");
        assertThat(csv("SELECT 1 AS \"=x\"")).isEqualTo("'=x\n1\n");
        assertThat(jsonl("SELECT '=1+1' AS a")).isEqualTo("{\"a\":\"=1+1\"}\n");
    }

    @Test
    void aNumberStaysANumberInCsv() throws IOException {
        assertThat(
                        csv(
                                "SELECT -1.5 AS a, '-1.5' AS b, -1e-30::DOUBLE AS c, '+2' AS d, '-Infinity'::FLOAT AS e, 'a-b' AS f"))
                .isEqualTo("a,b,c,d,e,f\n-1.5,-1.5,-1.0E-30,+2,-Infinity,a-b\n");
    }

    @Test
    void csvIsQuotedAndNullDiffersFromEmpty() throws IOException {
        assertThat(csv("""
                SELECT 'a,b' AS "x,y", 'say "hi"' AS q, E'two\\nlines' AS n, '' AS empty, NULL AS nothing,
                       [1, NULL] AS l, {'k': 'v'} AS s, ' edge' AS e, 1.10::DECIMAL(5, 2) AS d""")).isEqualTo("""
                "x,y",q,n,empty,nothing,l,s,e,d
                "a,b","say ""hi""\","two
                lines","",,"[1,null]","{""k"":""v""}"," edge",1.10
                """);
    }

    @Test
    void jsonlKeepsEveryKindOfValue() throws IOException {
        assertThat(jsonl("""
                SELECT 0.1::FLOAT AS f, 0.1::DOUBLE AS d, 1e-7::FLOAT AS small, 'nan'::DOUBLE AS nan,
                       '-inf'::FLOAT AS inf, 170141183460469231731687303715884105727 AS huge,
                       1.10::DECIMAL(5, 2) AS dec, {'a': [1.5::FLOAT]} AS s, MAP {'k': [1]} AS m, 'é"' || chr(1) AS t,
                       TIMESTAMP '2020-01-02 03:04:05.678' AS ts, DATE '2020-01-02' AS day, '\\xAB'::BLOB AS b,
                       [1, 2]::INTEGER[2] AS arr, true AS yes, 200::UTINYINT AS u"""))
                .isEqualTo("{\"f\":0.1,\"d\":0.1,\"small\":1.0E-7,\"nan\":null,\"inf\":\"-Infinity\","
                        + "\"huge\":170141183460469231731687303715884105727,\"dec\":1.10,\"s\":{\"a\":[1.5]},"
                        + "\"m\":{\"k\":[1]},\"t\":\"é\\\"\\u0001\",\"ts\":\"2020-01-02T03:04:05.678\","
                        + "\"day\":\"2020-01-02\",\"b\":\"ab\",\"arr\":[1,2],\"yes\":true,\"u\":200}\n");
    }

    @Test
    void twoColumnsOfOneNameAreRefusedInJsonl() {
        assertThatThrownBy(() -> jsonl("SELECT 1 AS a, 2 AS a"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("two columns are named a");
    }

    private static String csv(String query) throws IOException {
        return run(query, ResultText::writeCsv);
    }

    private static String jsonl(String query) throws IOException {
        return run(query, ResultText::writeJsonl);
    }

    private static String run(String query, ResultWriter writer) throws IOException {
        StringBuilder out = new StringBuilder();
        sql.query(query, writer, out);
        return out.toString();
    }
}
