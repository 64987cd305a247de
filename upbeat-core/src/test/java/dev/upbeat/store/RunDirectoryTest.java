package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsReadBackToTheBit() throws IOException {
        Random random = new Random(1);
        List<RunRow> rows = List.of(
                Samples.row("a", 1, random), Samples.row("it's \"b\"", 1000, random), Samples.row("ü/c", 37, random));

        RunDirectory run = write(rows);

        RunRows.assertSame(read(run), rows);
        assertThat(run.heads()).usingRecursiveComparison().isEqualTo(Samples.heads());
        assertThat(run.config()).isEqualTo(Samples.config());
        assertThat(run.provenance())
                .isEqualTo(Samples.provenanceAt(run.provenance().createdAt()));
    }

    @Test
    void longTracesAreReadBackBitForBit() throws IOException {
        Random random = new Random(2);
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Trace trace = Samples.row("t" + i, 8192, random).trace();
            rows.add(new RunRow(
                    trace, null, Samples.seen(8192, random, i == 2 ? null : Samples.links(8192, random), null)));
        }

        RunRows.assertSame(read(write(rows)), rows);
    }

    @Test
    void aTrainingIsReadStepByStep() throws IOException {
        Random random = new Random(4);
        Path path = directory.resolve("training");
        List<RunRow> rows = new ArrayList<>();
        try (TrainingRun training =
                TrainingRun.begin(TrainingRun.reserve(path), Samples.config(), Samples.provenance())) {
            training.metrics().append(Map.of("step", 1L, "reward", 0.5));
            for (long step : new long[] {9, 1_000_000}) { // by number, not by name
                RunRow row = Samples.row("step-" + step, 5, random);
                Observation seen = row.seen();
                Observation weighed = new Observation(
                        seen.logProbs(),
                        seen.entropyNats(),
                        seen.waad(),
                        seen.fai(),
                        seen.receiverFai(),
                        null,
                        null,
                        Map.of("gamma", new float[] {1, 1.5f, 1, 1, 1.25f}));
                TrainingPlace place = new TrainingPlace(step, 3, 1, -0.25);
                rows.add(new RunRow(row.trace(), row.promptTokens(), weighed, place));
                training.traces(step, List.of(new RunRow(row.trace(), row.promptTokens(), weighed, place)));
            }
            RunDirectory run = RunDirectory.open(path); // while it runs
            RunRows.assertSame(read(run), rows);
            assertThat(read(run))
                    .extracting(RunRow::place)
                    .containsExactly(new TrainingPlace(9, 3, 1, -0.25), new TrainingPlace(1_000_000, 3, 1, -0.25));
            assertThat(run.traceSteps()).containsExactly(9L, 1_000_000L);
            assertThat(Objects.requireNonNull(run.metrics()).steps()).containsExactly(1);
            assertThat(run.heads()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.yaml", "metrics.jsonl", "eval.jsonl"})
    void aTextFileThatIsNotUtf8IsDamaged(String name) throws IOException {
        Path path = directory.resolve("training");
        try (TrainingRun training =
                TrainingRun.begin(TrainingRun.reserve(path), Samples.config(), Samples.provenance())) {
            training.metrics().append(Map.of("step", 1L, "reward", 0.5));
        }
        Files.write(path.resolve(name), new byte[] {(byte) 0xff, '{', '}', '\n'});
        assertThatThrownBy(() -> RunDirectory.open(path).accuracies(1, null))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(name + ": not what a run writes there (it is not UTF-8)");
    }

    @Test
    void initialTracesAreStepZeroWithoutAdvantage() throws IOException {
        Path path = directory.resolve("training");
        try (TrainingRun training =
                TrainingRun.begin(TrainingRun.reserve(path), Samples.config(), Samples.provenance())) {
            training.metrics().append(Map.of("step", 1L, "reward", 0.5));
        }
        RunRow row = Samples.row("puzzle-1", 5, new Random(4));
        TrainingPlace start = new TrainingPlace(0, 0, 0, Double.NaN);
        TrainingRun.addTracesOfTheStart(path, List.of(new RunRow(row.trace(), row.promptTokens(), row.seen(), start)));
        RunDirectory run = RunDirectory.open(path);
        assertThat(run.traceSteps()).containsExactly(0L);
        assertThat(read(run)).extracting(RunRow::place).containsExactly(start);
        try (RunSql sql = RunSql.open(path)) {
            StringWriter out = new StringWriter();
            sql.query("SELECT step, advantage FROM traces", ResultText::writeCsv, new PrintWriter(out));
            assertThat(out.toString().lines()).containsExactly("step,advantage", "0,");
        }
    }

    @Test
    void linksMapsRewardsAndMissingPiecesAreReadBack() throws IOException {
        Random random = new Random(3);
        MeanMaps map = new MeanMaps(2, 4, new float[] {1, 0, 0.1f, 0.9f}, new float[] {1, 0, 0.5f, 0.5f});
        Observation everything = Samples.seen(5, random, Samples.links(5, random), map);
        float[] zeros = new float[1];
        List<RunRow> rows = List.of(
                new RunRow(new Trace("all", new int[] {0}, new int[5], null, 1, 0.5), List.of("<s>"), everything),
                new RunRow(
                        new Trace("least", new int[] {0}, new int[1], null, 1, null),
                        null,
                        new Observation(zeros, zeros, zeros, zeros, null, null, null)));

        RunRows.assertSame(read(write(rows)), rows);
    }

    @Test
    void emptyOptionalColumnsAreLeftOut() throws IOException, SQLException {
        RunDirectory run = write(List.of(Samples.row("a", 3, new Random(4))));

        assertThat(describe(run.path().resolve("traces.parquet")))
                .containsExactly(
                        "id VARCHAR",
                        "prompt_ids INTEGER[]",
                        "response_ids INTEGER[]",
                        "tokens VARCHAR[]",
                        "log_prob FLOAT[]",
                        "entropy_nats FLOAT[]",
                        "waad FLOAT[]",
                        "fai FLOAT[]",
                        "receiver_fai FLOAT[]",
                        "temperature DOUBLE",
                        "prompt_tokens VARCHAR[]",
                        "waad_peak BOOLEAN[]",
                        "fai_peak BOOLEAN[]",
                        "anchor BOOLEAN[]",
                        "intro INTEGER[]");
    }

    @Test
    void undefinedValuesAreNullInParquet() throws IOException, SQLException {
        float nan = Float.NaN;
        float[] ones = {1, 1};
        Observation seen = new Observation(ones, ones, new float[] {1, nan}, new float[] {nan, nan}, null, null, null);
        RunDirectory run =
                write(List.of(new RunRow(new Trace("a", new int[] {0}, new int[2], null, 1, null), null, seen)));

        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT waad[2] IS NULL AND fai = [NULL, NULL] AND receiver_fai IS NULL AND tokens IS NULL FROM "
                                + Duck.literal(run.path().resolve("traces.parquet")))) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
        }
    }

    @Test
    void headsJsonHasTheContractsForm() throws IOException {
        RunDirectory run = write(List.of(Samples.row("a", 3, new Random(5))));

        assertThat(run.path().resolve("heads.json"))
                .hasContent(
                        "{\"layers\":[2,10],\"span_tokens\":{\"2\":[0.1,20.5,3.0],\"10\":[0.33333334,7.0,1.0E-7]},"
                                + "\"local\":[[2,0],[10,2]],\"global\":[[2,1],[10,1]],\"receiver\":[[2,1]],"
                                + "\"rho\":0.3,\"receiver_rho\":0.2,\"receiver_gap\":3,\"group_weight\":\"response\",\"weights\":\"value-norm\",\"window\":10,\"horizon\":[1,\"end\"]}");
    }

    @Test
    void textsInConfigYamlAreQuoted() throws IOException {
        RunDirectory run = write(List.of(Samples.row("a", 3, new Random(6))));

        assertThat(run.path().resolve("config.yaml")).content().contains("horizon: \"10:30\"\n");
    }

    @Test
    void aRunsOwnTracesCanBeGivenAsTraces() throws IOException {
        RunRow row = Samples.row("a", 50, new Random(7));
        RunDirectory run = write(List.of(row));

        TraceRow given = TraceFile.read(run.path().resolve("traces.parquet")).get(0);

        assertThat(given.id()).isEqualTo("a");
        assertThat(given.promptIds()).isEqualTo(row.trace().promptIds());
        assertThat(given.responseIds()).isEqualTo(row.trace().responseIds());
        assertThat(given.temperature()).isEqualTo(0.7);
        assertThat(given.series().get("log_prob")).isEqualTo(row.seen().logProbs());
        assertThat(given.series().get("receiver_fai")).isEqualTo(row.seen().receiverFai());
    }

    @Test
    void aDirectorysNameMayBeADuckDbPattern() throws IOException {
        Path odd = directory.resolve("a[1]*it's {b}");
        List<RunRow> rows = List.of(Samples.row("a", 3, new Random(8)));

        RunRows.assertSame(read(write(odd, rows)), rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.yaml", "provenance.json", "heads.json", "traces.parquet"})
    void missingAndBrokenFilesAreRefused(String name) throws IOException {
        RunDirectory run = write(List.of(Samples.row("a", 3, new Random(9))));
        Path file = run.path().resolve(name);
        byte[] whole = Files.readAllBytes(file);

        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        half[half.length - 1] = 1; // half a YAML file can be a YAML file
        for (byte[] broken : List.of(new byte[0], half, new byte[] {'[', 1, 2})) {
            Files.write(file, broken);
            assertThatThrownBy(() -> read(RunDirectory.open(run.path())))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining(name);
        }
        Files.delete(file);
        assertThatThrownBy(() -> RunDirectory.open(run.path()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no " + name);
    }

    @Test
    void tracesOfAnotherMakeAreRefused() throws IOException, SQLException {
        RunDirectory run = write(List.of(Samples.row("a", 3, new Random(10))));
        Path file = run.path().resolve("traces.parquet");
        String columns = "'a' AS id, [1] AS prompt_ids, [2] AS response_ids, NULL::VARCHAR[] AS tokens,"
                + " [1::FLOAT] AS log_prob, [1::FLOAT] AS entropy_nats, %s AS waad, [1::FLOAT] AS fai,"
                + " NULL::FLOAT[] AS receiver_fai, 1::DOUBLE AS temperature, NULL::VARCHAR[] AS prompt_tokens";

        Parquet.write(file, "SELECT " + columns.formatted("[1::FLOAT, 2]"));
        assertThatThrownBy(() -> read(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row 1");
        Parquet.write(file, "SELECT " + columns.formatted("NULL::FLOAT[]"));
        assertThatThrownBy(() -> read(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("waad is NULL");
        Parquet.write(file, "SELECT " + columns.formatted("['x']"));
        assertThatThrownBy(() -> read(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("waad");
        Parquet.write(file, "SELECT 'a' AS id");
        assertThatThrownBy(() -> read(run))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("prompt_ids");
    }

    private RunDirectory write(List<RunRow> rows) throws IOException {
        return write(directory.resolve("run"), rows);
    }

    private static RunDirectory write(Path target, List<RunRow> rows) throws IOException {
        return RunDirectory.open(Samples.write(target, rows));
    }

    private static List<RunRow> read(RunDirectory run) {
        List<RunRow> rows = new ArrayList<>();
        run.forEachTrace(rows::add);
        return rows;
    }

    private static List<String> describe(Path parquet) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + Duck.literal(parquet))) {
            while (rows.next()) {
                columns.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        return columns;
    }
}
