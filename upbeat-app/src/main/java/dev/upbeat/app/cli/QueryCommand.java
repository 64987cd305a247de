package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.QueryFormat;
import dev.upbeat.store.RunSql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat query}: SQL over a run directory. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "query",
        description = {
            "Runs one SQL statement (DuckDB's dialect) over a run directory, read only.",
            "Tables: traces (a row a response), tokens (a row a response token), heads, metrics.",
            "\"DESCRIBE tokens\" shows a table's columns."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat demo --steps 5 --out runs/demo",
            "  upbeat query runs/demo \"SELECT token, waad FROM tokens ORDER BY waad DESC LIMIT 10\"",
            "  upbeat query runs/demo \"SELECT * FROM heads\" --format csv > heads.csv"
        })
final class QueryCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
    private Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = "SQL", description = "One statement that reads.")
    private String sql = "";

    @Option(
            names = "--format",
            paramLabel = "table|csv|jsonl",
            description = "How the result is printed (default: table).")
    private QueryFormat format = QueryFormat.TABLE;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "Seconds after which the query is given up (default: none).")
    private @Nullable Integer timeoutSeconds;

    @Override
    public Integer call() throws IOException {
        if (timeoutSeconds != null && timeoutSeconds < 1) {
            throw new BadInputException("--timeout " + timeoutSeconds + ": expected at least 1 second");
        }
        int threads = common.threads() == 0 ? Runtime.getRuntime().availableProcessors() : common.threads();
        // The run is closed before the stop is, which lets the process end: DuckDB deletes what it spilled.
        RunSql run = RunSql.open(directory, threads);
        try (GracefulStop stop = new GracefulStop(common.out(), run::cancel);
                run) {
            if (timeoutSeconds != null) {
                CompletableFuture.delayedExecutor(timeoutSeconds, TimeUnit.SECONDS)
                        .execute(run::cancel);
            }
            return query(run, stop);
        }
    }

    private int query(RunSql run, GracefulStop stop) throws IOException {
        try {
            run.query(sql, format, common.out());
            return ExitCode.DONE;
        } catch (CancellationException e) {
            if (stop.asked()) {
                return ExitCode.INTERRUPTED;
            }
            throw new IllegalStateException(
                    "SQL: not done in " + timeoutSeconds + " s; give it longer by --timeout, or narrow it", e);
        }
    }
}
