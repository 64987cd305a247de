package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.io.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement takes no more memory and time than it may, and reads nothing but the run. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the system's limit and the signals are POSIX's")
class QuerySafetyTest {
    private static final String ENDLESS =
            "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b, range(1000) c";

    @TempDir
    private Path directory;

    private Path run;

    @BeforeEach
    void aRunOfOneStep() throws IOException {
        run = Files.createDirectory(directory.resolve("run"));
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 0, \"reward\": 0.25}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT repeat('a', 4000000000)",
                "SELECT len(list_sort(range(2000000000)))",
                "SELECT len(string_agg(repeat('x', 1000), ',')) FROM range(100000000)",
                "SELECT len(list(range)) FROM range(1000000000)",
                "SELECT len([range(100000000) for x in range(100)])",
                "SELECT lpad('a', 2000000000, 'b')",
                "SELECT len(array_agg(repeat('y', 100000))) FROM range(1000000)",
            })
    void aStatementThatTakesTooMuchMemoryIsRefused(String sql) {
        upbeat("query", run, sql, "--memory", "400MB", "--timeout", 60).refused("SQL: ", "400 MB", "--memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ENDLESS,
                "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT max(n) FROM t",
                "SELECT count(*) FROM generate_series(1, 1000000000000)",
                "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a.range + b.range = c.range",
                "SELECT count(*) FROM range(1000000000) WHERE regexp_matches(range || repeat('a', 9000), '(a+)+[bc]$')",
            })
    void aStatementThatDoesNotEndIsGivenUp(String sql) {
        upbeat("query", run, sql, "--timeout", 2, "--memory", "400MB").refused("SQL: ", "2 s", "--timeout");
    }

    @ParameterizedTest
    @CsvSource({"1KB, MiB or GiB", "lots, MiB or GiB", "100MB, 256 MB", "900000GB, this machine has", "-1GB, MiB or GiB"
    })
    void aSizeThatCannotBeUsedIsRefused(String size, String reason) {
        Cli refused = upbeat("query", run, "SELECT 1", "--memory=" + size);
        assertThat(refused.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(refused.err()).contains("--memory", reason);
    }

    @Test
    void aSmallLimitIsEnoughForAnEverydayStatement() {
        assertThat(upbeat(
                                "query",
                                run,
                                "SELECT sum(range) AS s FROM range(1000000)",
                                "--memory",
                                "256MB",
                                "--format",
                                "csv")
                        .done()
                        .out())
                .isEqualTo("s\n499999500000\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY metrics TO '%s'",
                "SELECT * FROM read_csv('%s')",
                "SELECT * FROM read_text('%s')",
                "SELECT * FROM '%s'",
                "ATTACH '%s' AS other",
                "INSTALL httpfs",
                "LOAD '%s'",
                "SET memory_limit = '100GB'",
                "PRAGMA enable_profiling",
                "EXPORT DATABASE '%s'",
                "SELECT * FROM glob('%s')",
                "SELECT getenv('HOME')",
                "SELECT * FROM query('SELECT 1')",
            })
    void aStatementReachesNothingOutsideOfTheRun(String sql) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.csv"), "a,b\n1,hunter2\n");
        Cli refused = upbeat("query", run, sql.formatted(secret)).refused("SQL");
        assertThat(refused.err()).doesNotContain("hunter2");
        assertThat(secret).hasContent("a,b\n1,hunter2\n");
        assertThat(Cli.names(directory)).containsExactly("run", "secret.csv");
    }

    private Process start(String sql) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("scratch")),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "query",
                run.toString(),
                sql,
                "--format",
                "csv",
                "--timeout",
                "100");
        return builder.start();
    }

    private static void send(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The process that computes a statement, once it does: it uses a second of CPU after DuckDB's library is unpacked. */
    private ProcessHandle computing(Process process) throws Exception {
        await(process, () -> process.children().findAny().isPresent());
        ProcessHandle child = process.children().findAny().orElseThrow();
        await(process, () -> {
            try (Stream<Path> files = Files.walk(directory.resolve("scratch"))) {
                return files.anyMatch(Files::isRegularFile);
            }
        });
        Duration before = cpu(child);
        await(process, () -> cpu(child).minus(before).compareTo(Duration.ofSeconds(1)) >= 0);
        return child;
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void await(Process process, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.call()) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as("the statement never computes")
                    .isTrue();
            Thread.sleep(20);
        }
    }

    @Test
    void aTerminatedStatementLeavesNoProcessAndNoFile() throws Exception {
        Process process = start(ENDLESS);
        try {
            ProcessHandle child = computing(process);
            send("-TERM", process);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
            child.onExit().get(20, TimeUnit.SECONDS);
            assertThat(directory.resolve("scratch")).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aStatementEndsWithItsParentProcess() throws Exception {
        Process process = start(ENDLESS);
        try {
            ProcessHandle child = computing(process);
            process.destroyForcibly().waitFor();
            child.onExit().get(20, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aReaderThatHasEnoughEndsTheStatement() throws Exception {
        Process process = start("SELECT range FROM range(100000000000)");
        try (BufferedReader out = process.inputReader()) {
            assertThat(List.of(out.readLine(), out.readLine(), out.readLine())).containsExactly("range", "0", "1");
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.errorReader().readLine()).isNull();
    }

    @Test
    void theMemoryOfAProcessIsSeen() {
        assertThat(new ProcessMemory(ProcessHandle.current().pid()).bytes()).isGreaterThan(10_000_000);
        assertThat(new ProcessMemory(Integer.MAX_VALUE).bytes()).isZero();
    }
}
