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

    @Override
    public Integer call() throws IOException {
        try (RunSql run = RunSql.open(directory)) {
            run.query(sql, format, common.out());
        }
        return ExitCode.DONE;
    }
}
