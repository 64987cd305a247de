package dev.upbeat.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.credit.Couplings;
import dev.upbeat.io.BadInputException;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.Chunk;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSqlTest {
    private static final float NAN = Float.NaN;

    @TempDir
    private Path directory;

    private Path run;

    @BeforeEach
    void writeARun() throws IOException {
        Observation first = new Observation(
                new float[] {-0.1f, -0.2f, -0.3f},
                new float[] {1, 2, 3},
                new float[] {0.1f, 0.2f, 0.3f},
                new float[] {0.5f, NAN, NAN},
                null,
                null,
                null);
        Observation second = new Observation(
                new float[] {-1}, new float[] {1}, new float[] {9}, new float[] {NAN}, new float[] {0.25f}, null, null);
        run = Samples.write(
                directory.resolve("run"),
                List.of(
                        new RunRow(
                                new Trace("a", new int[] {1, 2}, new int[] {7, 8, 9}, List.of("x", "\n", ","), 1, null),
                                null,
                                first),
                        new RunRow(new Trace("b", new int[] {1}, new int[] {5}, null, 1, null), null, second)));
    }

    @Test
    void tokensAreARowAResponseTokenAtAbsolutePositions() throws IOException {
        assertThat(jsonl("FROM tokens")).isEqualTo("""
                {"trace_id":"a","position":2,"token_id":7,"token":"x","log_prob":-0.1,"entropy_nats":1.0,"waad":0.1,"fai":0.5,"receiver_fai":null,"waad_peak":false,"fai_peak":false,"anchor":null,"intro":null}
                {"trace_id":"a","position":3,"token_id":8,"token":"\\n","log_prob":-0.2,"entropy_nats":2.0,"waad":0.2,"fai":null,"receiver_fai":null,"waad_peak":false,"fai_peak":null,"anchor":null,"intro":null}
                {"trace_id":"a","position":4,"token_id":9,"token":",","log_prob":-0.3,"entropy_nats":3.0,"waad":0.3,"fai":null,"receiver_fai":null,"waad_peak":true,"fai_peak":null,"anchor":null,"intro":null}
                {"trace_id":"b","position":1,"token_id":5,"token":null,"log_prob":-1.0,"entropy_nats":1.0,"waad":9.0,"fai":null,"receiver_fai":0.25,"waad_peak":false,"fai_peak":null,"anchor":null,"intro":null}
                """);
    }

    @Test
    void peaksAreThoseOfTheSeries() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        float[] waad = new float[60];
        float[] fai = new float[60];
        for (int t = 0; t < 60; t++) {
            waad[t] = (float) random.nextDouble();
            fai[t] = t == 59 ? NAN : (float) random.nextDouble() / (60 - t);
        }
        Observation seen = new Observation(new float[60], new float[60], waad, fai, null, null, null);
        Trace trace = new Trace("a", new int[] {1}, new int[60], null, 1, null);
        run = Samples.write(directory.resolve("peaks"), List.of(new RunRow(trace, null, seen)));
        assertThat(positions("waad_peak")).isEqualTo(Peaks.of(waad, 0.3));
        assertThat(positions("fai_peak")).isEqualTo(Peaks.of(fai, 0.3));
        assertThat(positions("anchor")).isEqualTo(Anchors.of(fai, 0.3)).isNotEqualTo(Peaks.of(fai, 0.3));
        assertThat(
                        jsonl(
                                "SELECT count(*) AS n, count(waad_peak) AS w, count(fai_peak) AS f, count(anchor) AS a FROM tokens"))
                .isEqualTo("{\"n\":60,\"w\":60,\"f\":59,\"a\":50}\n");
    }

    /** Two traces with random series, in a run. */
    private List<RunRow> randomRun() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        List<RunRow> rows = new ArrayList<>();
        for (String id : List.of("a", "b")) {
            int length = 40;
            float[] waad = new float[length];
            float[] fai = new float[length];
            List<String> texts = new ArrayList<>();
            for (int t = 0; t < length; t++) {
                waad[t] = random.nextInt(12) / 2f;
                fai[t] = t > length - 4 ? NAN : random.nextInt(9) / 8f;
                texts.add(" " + id + t);
            }
            Observation seen = new Observation(new float[length], new float[length], waad, fai, null, null, null);
            rows.add(new RunRow(new Trace(id, new int[] {1, 2}, new int[length], texts, 1, null), null, seen));
        }
        run = Samples.write(directory.resolve("random"), rows);
        return rows;
    }

    @Test
    void chunksAreThoseOfTheSeries() throws IOException {
        StringBuilder expected = new StringBuilder();
        for (RunRow row : randomRun()) {
            for (Chunk chunk : Chunk.of(row.seen().waad(), 0.3)) {
                List<String> texts = requireNonNull(row.trace().tokens()).subList(chunk.start(), chunk.end());
                expected.append("""
                        {"trace_id":"%s","start":%d,"end":%d,"tokens":%d,"depth":%s,"text":"%s"}
                        """.formatted(
                                row.trace().id(),
                                chunk.start() + 2,
                                chunk.end() + 2,
                                chunk.tokens(),
                                chunk.depth(),
                                String.join("", texts)));
            }
        }
        assertThat(jsonl("FROM chunks")).isEqualTo(expected.toString());
    }

    @Test
    void couplingsAreThoseOfTheSeries() throws IOException {
        StringBuilder expected = new StringBuilder();
        for (RunRow row : randomRun()) {
            float[] waad = row.seen().waad();
            int[] intros = Couplings.of(waad, row.seen().fai()).intros();
            for (int t = 0; t < intros.length; t++) {
                if (intros[t] != Couplings.NONE) {
                    expected.append("""
                            {"trace_id":"%s","intro":%d,"anchor":%d,"waad_change":%s,"fai":%s}
                            """.formatted(
                                    row.trace().id(),
                                    intros[t] + 2,
                                    t + 2,
                                    Math.abs(waad[intros[t]] - waad[intros[t] + 1]),
                                    row.seen().fai()[t]));
                }
            }
        }
        assertThat(expected).isNotEmpty();
        assertThat(jsonl("FROM couplings")).isEqualTo(expected.toString());
    }

    @Test
    void anEdgeOfTheFlowIsOneRow() throws IOException {
        int[][] none = {{-1}, {-1}};
        float[][] zero = {{0}, {0}};
        FlowEdges edges = new FlowEdges(
                new int[][] {{0, -1}, {2, 1}},
                new float[][] {{0.5f, 0}, {0.25f, 0.125f}},
                new int[][] {{3, -1}, {-1, -1}},
                new float[][] {{0.25f, 0}, {0, 0}});
        float[] zeros = new float[2];
        Observation seen =
                new Observation(zeros, zeros, zeros, zeros, null, new Links(none, zero, none, zero, edges), null);
        Trace trace = new Trace("a", new int[] {1, 2}, new int[2], List.of("x", "y"), 1, null);
        run = Samples.write(directory.resolve("flow"), List.of(new RunRow(trace, null, seen)));
        assertThat(jsonl("FROM flow_edges").lines())
                .containsExactly(
                        "{\"trace_id\":\"a\",\"source\":0,\"target\":2,\"flow\":0.5}",
                        "{\"trace_id\":\"a\",\"source\":2,\"target\":3,\"flow\":0.25}",
                        "{\"trace_id\":\"a\",\"source\":1,\"target\":3,\"flow\":0.125}");
    }

    private int[] positions(String column) throws IOException {
        return jsonl("SELECT position - 1 AS t FROM tokens WHERE " + column + " ORDER BY t")
                .lines()
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .toArray();
    }

    @Test
    void runsWithoutPeaksAreStillRead() throws IOException, SQLException {
        Path file = run.resolve("traces.parquet");
        Path old = directory.resolve("old.parquet");
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT * EXCLUDE (waad_peak, fai_peak, anchor, intro) FROM read_parquet("
                    + Duck.literal(file) + ")) TO " + Duck.literal(old) + " (FORMAT parquet)");
        }
        Files.move(old, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(jsonl("SELECT * EXCLUDE (token) FROM tokens WHERE trace_id = 'b'"))
                .isEqualTo("""
                {"trace_id":"b","position":1,"token_id":5,"log_prob":-1.0,"entropy_nats":1.0,"waad":9.0,"fai":null,"receiver_fai":0.25}
                """);
        List<String> ids = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(row -> ids.add(row.trace().id()));
        assertThat(ids).containsExactly("a", "b");
    }

    @Test
    void furtherColumnsAreSeriesOfTheTokensToo() throws IOException {
        run = Samples.write(
                directory.resolve("further"), List.of(Samples.row("a", Map.of("path_flow", new float[] {0.5f, NAN}))));

        assertThat(jsonl("SELECT position, path_flow FROM tokens")).isEqualTo("""
                {"position":1,"path_flow":0.5}
                {"position":2,"path_flow":null}
                """);
    }

    @Test
    void tracesAreTheFilesRows() throws IOException {
        assertThat(jsonl("SELECT id, response_ids, waad, fai, receiver_fai FROM traces ORDER BY id DESC"))
                .isEqualTo("""
                {"id":"b","response_ids":[5],"waad":[9.0],"fai":[null],"receiver_fai":[0.25]}
                {"id":"a","response_ids":[7,8,9],"waad":[0.1,0.2,0.3],"fai":[0.5,null,null],"receiver_fai":null}
                """);
    }

    @Test
    void headsTellTheirGroupAndWhetherTheyReceive() throws IOException {
        assertThat(jsonl("FROM heads WHERE layer = 2")).isEqualTo("""
                {"layer":2,"head":0,"span_tokens":0.1,"grp":"local","receiver":false}
                {"layer":2,"head":1,"span_tokens":20.5,"grp":"global","receiver":true}
                {"layer":2,"head":2,"span_tokens":3.0,"grp":null,"receiver":false}
                """);
    }

    @Test
    void metricsMayGetKeysLate() throws IOException {
        Files.writeString(run.resolve("metrics.jsonl"), """
                {"step": 1, "reward": 0.5, "clip_ratio/low_mean": 0}
                {"step": 2, "reward": 0.25, "eval/accuracy": 0.125}
                """);

        assertThat(jsonl("SELECT step, reward, \"eval/accuracy\" FROM metrics")).isEqualTo("""
                {"step":1,"reward":0.5,"eval/accuracy":null}
                {"step":2,"reward":0.25,"eval/accuracy":0.125}
                """);
    }

    @Test
    void theStepsOfATrainingRunAreOneTable() throws IOException, SQLException {
        Path training = directory.resolve("training");
        Path traces = Files.createDirectories(training.resolve("traces"));
        String row = "SELECT 'a' AS id, [1] AS prompt_ids, [2, 3] AS response_ids, NULL::VARCHAR[] AS tokens,"
                + " [0.5::FLOAT, 1] AS waad, %d AS step %s";
        Parquet.write(traces.resolve("step-000025.parquet"), row.formatted(25, ", [1.5::FLOAT, 1] AS gamma"));
        Parquet.write(traces.resolve("step-000010.parquet"), row.formatted(10, ""));
        Files.writeString(traces.resolve("notes.txt"), "no traces");

        try (RunSql sql = RunSql.open(training)) {
            assertThat(query(sql, "SELECT position, waad, gamma, step FROM tokens", ResultText::writeJsonl))
                    .isEqualTo("""
                    {"position":1,"waad":0.5,"gamma":null,"step":10}
                    {"position":2,"waad":1.0,"gamma":null,"step":10}
                    {"position":1,"waad":0.5,"gamma":1.5,"step":25}
                    {"position":2,"waad":1.0,"gamma":1.0,"step":25}
                    """);
        }
    }

    @Test
    void aMissingTableIsNamedWithTheExistingOnes() {
        assertThatThrownBy(() -> jsonl("SELECT * FROM metrics"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("Table with name metrics does not exist")
                .hasMessageEndingWith("run has the tables traces, tokens, chunks, couplings, heads");
    }

    @Test
    void duckDbsMessagesArePassedOn() {
        assertThatThrownBy(() -> jsonl("SELECT wad FROM tokens"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("Referenced column \"wad\" not found")
                .hasMessageContaining("waad");
        assertThatThrownBy(() -> jsonl("SELEC 1"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("syntax error");
        assertThatThrownBy(() -> jsonl("SELECT end FROM chunks"))
                .isInstanceOf(BadInputException.class)
                .hasMessageEndingWith("must be quoted: SELECT \"end\" FROM chunks");
        assertThatThrownBy(() -> jsonl("SELECT id::INTEGER FROM traces"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("Could not convert string 'a' to INT32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1;",
                "-- a comment\nSELECT 1 -- another",
                "WITH t AS (SELECT 1) FROM t",
                "VALUES (1), (2)",
                "DESCRIBE tokens",
                "SHOW TABLES",
                "SUMMARIZE tokens",
                "PIVOT tokens ON trace_id IN ('a', 'b') USING avg(waad)",
            })
    void readingStatementsAreAllowed(String sql) throws IOException {
        assertThat(jsonl(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY traces TO '$RUN/traces.parquet'",
                "COPY (SELECT 1) TO '$RUN/new.csv'",
                "SELECT 1; COPY (SELECT 1) TO '$RUN/traces.parquet'",
                "EXPLAIN ANALYZE COPY (SELECT 1) TO '$RUN/traces.parquet'",
                "EXPORT DATABASE '$RUN'",
                "ATTACH '$RUN/new.db'",
                "ATTACH ':memory:' AS other",
                "INSTALL httpfs",
                "LOAD httpfs",
                "CREATE TABLE t AS SELECT 1",
                "DROP VIEW tokens",
                "DELETE FROM heads",
                "INSERT INTO heads VALUES (1, 1, 1, NULL, true)",
                "SET enable_external_access = true",
                "PRAGMA enable_profiling",
                "CALL enable_logging(storage = 'file', storage_path = '$RUN')",
                "CREATE SECRET s (TYPE s3)",
                "SELECT * FROM read_text('$RUN/provenance.json')",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM '$RUN/../*'",
                "SELECT * FROM glob('$RUN/*')",
                "SELECT * FROM read_csv('https://example.com/data.csv')",
                "SELECT * FROM enable_logging(storage = 'file', storage_path = '$RUN/traces.parquet')",
                "FROM system.main.\"Enable_Logging\"(storage = 'stdout')",
                "SELECT (SELECT count(*) FROM query('SELECT * FROM enable_logging()'))",
                "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
                "FROM arrow_scan(1, 2, 3)",
                "SELECT 1; SELECT 2",
                "",
                " -- nothing",
            })
    void statementsThatWriteOrReachOutAreRefused(String sql) throws IOException {
        byte[] before = Files.readAllBytes(run.resolve("traces.parquet"));
        String[] names = run.toFile().list();

        assertThatThrownBy(() -> jsonl(sql.replace("$RUN", run.toString())))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("SQL: ");

        assertThat(run.resolve("traces.parquet")).hasBinaryContent(before);
        assertThat(run.toFile().list()).containsExactlyInAnyOrder(names);
    }

    @Test
    void directoriesWithoutARunAreRejected() throws IOException {
        assertThatThrownBy(() -> RunSql.open(directory.resolve("none")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("no such directory");
        assertThatThrownBy(() -> RunSql.open(directory))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is not a run directory");
        Path traces = run.resolve("traces.parquet");
        Files.write(traces, Arrays.copyOf(Files.readAllBytes(traces), 100));
        assertThatThrownBy(() -> RunSql.open(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("cannot be read as a run")
                .hasMessageContaining("traces.parquet");
    }

    @Test
    void aFloatInJsonlReadsBackToTheBit() throws IOException {
        RunRow row = Samples.row("hard", 500, new Random(1));
        Path hard = Samples.write(directory.resolve("hard"), List.of(row));

        try (RunSql sql = RunSql.open(hard)) {
            String[] lines = query(sql, "SELECT log_prob AS x FROM tokens", ResultText::writeJsonl)
                    .split("\n");
            float[] read = new float[lines.length];
            for (int i = 0; i < read.length; i++) {
                String value = RunFiles.JSON.readTree(lines[i]).get("x").asText();
                read[i] = value.equals("null") ? NAN : Float.parseFloat(value);
            }
            assertThat(read).isEqualTo(row.seen().logProbs());
        }
    }

    private String jsonl(String sql) throws IOException {
        try (RunSql open = RunSql.open(run)) {
            return query(open, sql, ResultText::writeJsonl);
        }
    }

    private static String query(RunSql sql, String text, ResultWriter writer) throws IOException {
        StringBuilder out = new StringBuilder();
        sql.query(text, writer, out);
        return out.toString();
    }
}
