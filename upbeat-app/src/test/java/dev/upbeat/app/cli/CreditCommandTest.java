package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.credit.CustomCredit;
import dev.upbeat.trace.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CreditCommandTest {
    @TempDir
    private Path directory;

    /** Weighs a token by its own column "steps". */
    public static final class BySteps implements CustomCredit {
        @Override
        public Set<String> needs() {
            return Set.of("steps");
        }

        @Override
        public float[][] gamma(Step step) {
            return IntStream.range(0, step.size())
                    .mapToObj(i -> step.observation(i).columns().get("steps"))
                    .toArray(float[][]::new);
        }
    }

    @Test
    void everyRowGetsOneWeightForEachToken() {
        Path rows = rows("""
                {"id": "a", "waad": [1, 5, 2, 2, 7, 1], "fai": [0.1, 0.5, 0.2, 0.9, null, null]}

                {"id": 7, "waad": [3], "fai": [0.5]}
                {"waad": [3, 1], "fai": [null, null], "tokens": ["x", "y"]}
                """);
        assertThat(credit("coupled-rhythm", rows).done().out()).isEqualTo("""
                {"id":"a","gamma":[1.25,1.5,1.25,1.25,1.0,1.0]}
                {"id":"7","gamma":[1.5]}
                {"id":"row-4","gamma":[1.0,1.0]}
                """);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "sockets have no file type of their own there")
    void socketsAreRejected() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            credit("local-chunk", socket).refused(socket + ": is a pipe, device or socket", "regular file");
        }
    }

    @Test
    void onlyWhatTheStrategyReadsNeedBeThere() {
        assertThat(credit("local-chunk", rows("{\"id\": 1, \"waad\": [1, 3, 4]}"), "--share", "0.3")
                        .done()
                        .out())
                .isEqualTo("{\"id\":\"1\",\"gamma\":[1.5,1.0,1.0]}\n");
        assertThat(credit("uniform", rows("{\"id\": 1, \"response_ids\": [5, 6]}"))
                        .done()
                        .out())
                .isEqualTo("{\"id\":\"1\",\"gamma\":[1.0,1.0]}\n");
    }

    @Test
    void everyOptionReachesTheStrategy() {
        Path rows = rows("""
                {"id": "up", "advantage": 1, "waad": [1, 5, 2, 2, 7, 1], "fai": [0.1, 0.5, 0.2, 0.9, null, 0.2]}
                {"id": "down", "advantage": -1, "waad": [1, 5, 2, 2, 7, 1], "fai": [0.1, 0.5, 0.2, 0.9, null, 0.2]}
                """);
        List<JsonNode> gammas = credit(
                        "coupled-rhythm",
                        rows,
                        "--amplification=3",
                        "--share=0.3",
                        "--alpha=0.25",
                        "--lookback=1",
                        "--from=bottom",
                        "--sign=negative")
                .done()
                .rows();
        assertThat(gammas.get(0).get("gamma")).hasToString("[1.0,1.0,1.0,1.0,1.0,1.0]");
        // anchors 0 and 2 by the lowest FAI; D = 4 3 0 5 6 -, tau_delta 5: nothing before 2 reaches it
        assertThat(gammas.get(1).get("gamma")).hasToString("[3.0,1.0,3.0,1.0,1.0,1.0]");
        assertThat(credit("global-anchor", rows, "--normalize=mean", "--share=0.5")
                        .done()
                        .rows()
                        .get(0)
                        .get("gamma"))
                .hasToString("[0.8,1.2,1.2,1.2,0.8,0.8]");
        assertThat(credit("constant", rows, "--gamma=1.25").done().out()).contains("[1.25,1.25,1.25,1.25,1.25,1.25]");
    }

    @Test
    void receiversAndSignsHaveTheirOwnOptions() {
        Path rows = rows("""
                {"id": "up", "advantage": 1, "fai": [3, 2, null], "receiver_fai": [2, 3, null]}
                {"id": "down", "advantage": -1, "fai": [3, 2, null], "receiver_fai": [2, 3, null]}
                """);
        String[] options = {"--heads=receivers", "--amplification-negative=3", "--share=0.3"};
        assertThat(credit("global-anchor", rows, options).done().out()).isEqualTo("""
                {"id":"up","gamma":[1.0,1.5,1.0]}
                {"id":"down","gamma":[1.0,3.0,1.0]}
                """);
        credit("global-anchor", rows, "--heads=all").refused("--heads all", "expected targeted or receivers");
        credit("global-anchor", rows, "--amplification-negative=2", "--sign=positive")
                .refused("amplification_negative is 2", "expected same with sign positive");
        Path without = rows("{\"id\": 1, \"fai\": [1, 2]}");
        credit("global-anchor", without, "--heads=receivers").refused("no receiver_fai", "--receivers on");
        credit("global-anchor", without, "--amplification-negative=2")
                .refused("no advantage", "strategy global-anchor with amplification_negative 2");
        credit("uniform", without, "--heads=receivers").refused("does not read --heads");
    }

    @Test
    void theRowsOfAStepAreItsBatch() {
        Path rows = rows("""
                {"id": "a", "step": 1, "entropy_nats": [5, 1]}
                {"id": "b", "step": 2, "entropy_nats": [4, 0]}
                {"id": "c", "step": 1, "entropy_nats": [9, 8]}
                """);
        assertThat(credit("entropy-selection", rows, "--share=0.5").done().out())
                .isEqualTo("""
                {"id":"a","gamma":[0.0,0.0]}
                {"id":"b","gamma":[1.0,0.0]}
                {"id":"c","gamma":[1.0,1.0]}
                """);
    }

    @Test
    void randomWeightsFollowTheSeedAndTheStep() {
        Path rows = rows("{\"id\": \"a\", \"waad\": " + Arrays.toString(new int[60]) + "}");
        Path later = rows("{\"id\": \"a\", \"step\": 9, \"waad\": " + Arrays.toString(new int[60]) + "}");
        String drawn = credit("random", rows).done().out();
        assertThat(credit("random", rows, "--seed", "0").done().out()).isEqualTo(drawn);
        assertThat(credit("random", rows, "--seed", "1").done().out()).isNotEqualTo(drawn);
        assertThat(credit("random", later).done().out()).isNotEqualTo(drawn);
    }

    @Test
    void scoresOfStepsAreReadFromRowsAndCapoAndAsyppoOnlyTrain() {
        Path rows = rows("""
                {"id": "good", "advantage": 1, "step_score": [0.9, 0.9, 0.2, 0.2, 0.2]}
                {"id": "bad", "advantage": -1, "step_score": [0.9, 0.9, 0.2, null, 0.2]}
                """);
        assertThat(credit("thinkprm", rows).done().out()).isEqualTo("""
                {"id":"good","gamma":[1.5,1.5,1.0,1.0,1.0]}
                {"id":"bad","gamma":[1.0,1.0,1.5,1.0,1.5]}
                """);
        credit("capo", rows).refused("strategy capo needs groups of scored responses", "upbeat train");
        credit("asyppo", rows).refused("strategy asyppo needs critics that learn from the rewards", "upbeat train");
    }

    @Test
    void loptiTellsItsTwoUpdates() {
        assertThat(credit("lopti", rows("{\"id\": 1, \"log_prob\": [-0.1, -3]}"))
                        .done()
                        .out())
                .isEqualTo("{\"id\":\"1\",\"gamma\":[1.0,1.0],\"phases\":[[0.0,1.0],[1.0,0.0]]}\n");
    }

    @Test
    void columnsAndClassesOfOnesOwnWeighTokens() {
        Path rows = rows("{\"id\": 1, \"steps\": [0.5, 2]}");
        String weights = "{\"id\":\"1\",\"gamma\":[0.5,2.0]}\n";
        assertThat(credit("column", rows, "--column", "steps").done().out()).isEqualTo(weights);
        assertThat(credit("class", rows, "--class", BySteps.class.getName())
                        .done()
                        .out())
                .isEqualTo(weights);
    }

    @Test
    void aRunsTracesAreReadDirectly() throws IOException {
        Path model = TinyModel.write(directory.resolve("tiny"));
        Path traces = TinyModel.traces(directory.resolve("traces.jsonl"), 4, 4, 30);
        Path run = directory.resolve("run");
        upbeat("analyze", model, "--traces", traces, "--out", run, "--columns", "path_flow,hidden_cosine", "--quiet")
                .done();
        Path rows = directory.resolve("rows.jsonl");
        Files.writeString(
                rows,
                upbeat("query", run, "SELECT id, waad, fai FROM traces", "--format", "jsonl")
                        .done()
                        .out());

        String fromParquet =
                credit("coupled-rhythm", run.resolve("traces.parquet")).done().out();
        assertThat(fromParquet).isEqualTo(credit("coupled-rhythm", rows).done().out());
        assertThat(credit("coupled-rhythm", run).done().out())
                .as("the run's directory")
                .isEqualTo(fromParquet);
        credit("coupled-rhythm", directory).refused("has no traces.parquet", "expected a run directory");
        assertThat(fromParquet.lines()).hasSize(4);
        assertThat(fromParquet).contains("1.5");
        for (String strategy : List.of("high-entropy", "lopti", "path-aggregation", "token-correlation")) {
            credit(strategy, run.resolve("traces.parquet")).done();
        }
    }

    @Test
    void columnsThatReadTextNeedATokenizer() {
        Path traces = TinyModel.traces(directory.resolve("traces.jsonl"), 2, 4, 30);
        Path run = directory.resolve("run");
        Object[] analyze = {
            "analyze", "", "--traces", traces, "--out", run, "--columns", "flow,step_influence", "--quiet"
        };
        analyze[1] = TinyModel.write(directory.resolve("bare"));
        upbeat(analyze).refused("trace t0 has no token texts", "flow and step_influence", "supported tokenizer");
        assertThat(run).doesNotExist();

        analyze[1] = TinyModel.writeWithTokenizer(directory.resolve("tiny"));
        upbeat(analyze).done();
        assertThat(credit("flowtracer", run).done().out()).contains("1.5");
        assertThat(credit("attnrl", run).done().out().lines()).hasSize(2);
    }

    @Test
    void aMissingColumnIsNamedWithItsLine() {
        Path rows = rows("""
                {"id": "a", "waad": [1, 2], "fai": [1, 2]}
                {"id": "b", "waad": [1, 2], "fai": null, "reward": 1}
                """);
        credit("coupled-rhythm", rows)
                .refused(
                        "line 2",
                        "has no fai",
                        "measure the traces first: ./upbeat analyze MODEL",
                        "coupled-rhythm",
                        "given: id, waad, reward");
        credit("gradient", rows).refused("line 1", "has no gradient_norm");
        credit("local-chunk", rows, "--sign", "positive").refused("line 1", "has no advantage", "sign positive");
        credit("local-chunk", rows("{\"waad\": [1], \"reward\": 1}"), "--sign", "negative")
                .refused("has no advantage", "the reward cannot replace it");
    }

    @Test
    void rowsThatCannotBeUsedAreRefusedByLine() {
        credit("local-chunk", rows("{\"waad\": [1, 2], \"response_ids\": [1]}"))
                .refused("line 1", "waad has 2 values and response_ids 1");
        credit("local-chunk", rows("{\"waad\": [1, null]}")).refused("line 1", "waad[1] is null");
        credit("local-chunk", rows("{\"waad\": [1, \"x\"]}")).refused("line 1", "waad[1] is a text");
        credit("local-chunk", rows("{\"waad\": []}")).refused("line 1", "no response token");
        credit("local-chunk", rows("{\"waad\": [1], \"step\": 1.5}")).refused("line 1", "step is 1.5");
        credit("local-chunk", rows("{\"waad\": [1], \"step\": 1e300}"))
                .refused("line 1", "step is 1.0E300", "9007199254740992");
        credit("local-chunk", Path.of("")).refused("name is empty");
        credit("local-chunk", rows("{\"id\": 1, \"waad\": [1]}\n{\"id\": 1, \"waad\": [1]}"))
                .refused("line 2", "already the id of row 1");
        credit("local-chunk", rows("waad")).refused("line 1", "JSON");
        credit("local-chunk", directory.resolve("none")).refused("no such file");
        credit("column", rows("{\"id\": \"a\", \"mine\": [1, null]}"), "--column", "mine")
                .refused("column mine", "token 1 of trace a");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        Path rows = rows("{\"waad\": [1]}");
        credit("local-chunk", rows, "--share", "1.5").refused("share is 1.5", "above 0 and at most 1");
        credit("local-chunk", rows, "--from", "side").refused("from is side");
        credit("lokal-chunk", rows).refused("did you mean local-chunk?");
        credit("class", rows, "--class", "com.example.Missing").refused("com.example.Missing", "UPBEAT_CLASSPATH");
        credit("local-chunk", rows, "--share", "x").refused("--share");
        upbeat("credit", "--strategy", "uniform").refused("--traces");
    }

    @Test
    void optionsThatTheStrategyDoesNotReadAreRefused() {
        Path rows = rows("{\"waad\": [1]}");
        credit("uniform", rows, "--share", "0.4").refused("uniform does not read --share");
        credit("local-chunk", rows, "--seed", "1").refused("local-chunk does not read --seed");
    }

    @Test
    void noModelMeansNoLibtorch() throws Exception {
        Path rows = rows("{\"id\": 1, \"waad\": [1, 3, 4]}");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.upbeat.app.cli.Main"));
        command.addAll(List.of("credit", "--strategy", "local-chunk", "--traces", rows.toString()));
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(command).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(log))
                .contains("dev.upbeat.credit.LocalChunk", "{\"id\":\"1\",\"gamma\":[1.5,1.5,1.0]}")
                .doesNotContain("org.bytedeco", "org.duckdb");
    }

    private static Cli credit(String strategy, Path traces, String... options) {
        List<Object> args = new ArrayList<>(List.of("credit", "--strategy", strategy, "--traces", traces));
        args.addAll(List.of(options));
        return upbeat(args.toArray());
    }

    private Path rows(String lines) {
        try {
            return Files.writeString(Files.createTempFile(directory, "rows", ".jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
