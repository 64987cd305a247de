package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QueryCommandTest {
    @TempDir
    private Path run;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aRunOfTwoSteps() throws IOException {
        Files.writeString(run.resolve("metrics.jsonl"), """
                {"step": 0, "reward": 0.25}
                {"step": 1, "reward": 0.5}
                """);
    }

    @Test
    void aQueryThatDoesNotEndIsGivenUp() {
        String endless = "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b";
        assertThat(query(run.toString(), endless, "--timeout", "1", "--threads", "1"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("SQL: the query did not finish within 1 s", "--timeout");
        String talking = "SELECT range FROM range(100000000000)"; // its time goes into rows
        assertThat(query(run.toString(), talking, "--timeout", "1", "--format", "csv"))
                .isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void aTimeoutOfLessThanASecondIsRefused() {
        assertThat(query(run.toString(), "SELECT 1", "--timeout", "0")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--timeout 0: expected at least 1 second");
    }

    @Test
    void theResultHasTheRequestedFormat() {
        String sql = "SELECT step, reward FROM metrics ORDER BY step";
        assertThat(query(run.toString(), sql, "--format", "csv")).isZero();
        assertThat(out.toString()).isEqualTo("step,reward\n0,0.25\n1,0.5\n");
        out.getBuffer().setLength(0);
        assertThat(query(run.toString(), sql, "--format", "jsonl")).isZero();
        assertThat(out.toString()).isEqualTo("{\"step\":0,\"reward\":0.25}\n{\"step\":1,\"reward\":0.5}\n");
        out.getBuffer().setLength(0);
        assertThat(query(run.toString(), sql)).isZero();
        assertThat(out.toString()).contains("reward").contains("0.25");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aWrongStatementIsBadInputAndNamesTheTables() {
        assertThat(query(run.toString(), "SELECT waad FROM tokns")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).startsWith("upbeat: SQL:").contains("tokns").contains("metrics");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aDirectoryWithoutARunIsBadInput() {
        String none = run.resolve("none").toString();
        assertThat(query(none, "SELECT 1")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains(none);
        assertThat(query("", "SELECT 1")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("the directory's name is empty");
    }

    @Test
    void aMissingStatementIsBadUsage() {
        assertThat(query(run.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("SQL").contains("upbeat query --help");
    }

    private int query(String... operands) {
        List<String> args = new ArrayList<>(List.of("query"));
        args.addAll(List.of(operands));
        CommandLine upbeat = Main.configured(new CommandLine(new Main()), new PrintWriter(out), new PrintWriter(err));
        return Main.execute(upbeat, args.toArray(String[]::new));
    }
}
