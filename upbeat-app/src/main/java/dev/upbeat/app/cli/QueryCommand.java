package dev.upbeat.app.cli;

import dev.upbeat.store.QueryFormat;
import dev.upbeat.store.RunSql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat query}: SQL over a run directory. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "query",
        description = "SQL over a run directory: tables traces, tokens (one row a response token), metrics and heads.",
        footerHeading = "%nExample:%n",
        footer = "  upbeat query runs/demo \"SELECT token, fai FROM tokens ORDER BY fai DESC NULLS LAST LIMIT 10\"")
final class QueryCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
    private Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = "SQL", description = "One query; DuckDB's SQL, read only.")
    private String sql = "";

    @Option(
            names = "--format",
            paramLabel = "table|csv|jsonl",
            defaultValue = "table",
            description = "How the rows are printed (default: table).")
    private QueryFormat format = QueryFormat.TABLE;

    @Override
    public Integer call() throws IOException {
        try (RunSql run = RunSql.open(directory)) {
            run.query(sql, format, common.out());
        }
        return ExitCode.DONE;
    }
}
