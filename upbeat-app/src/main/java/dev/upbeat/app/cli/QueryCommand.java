package dev.upbeat.app.cli;

import dev.upbeat.app.query.QueryFormat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.MachineMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
            "Runs one SQL statement (DuckDB's dialect), read only, on a run directory.",
            "Tables: traces (one row per response), tokens (one row per response token), chunks, couplings, heads,",
            "head_series, metrics.",
            "\"DESCRIBE tokens\" shows the columns of a table.",
            "The statement runs in a separate process with a memory limit and a time limit."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat demo --steps 5 --out runs/demo",
            "  upbeat query runs/demo \"SELECT token, waad FROM tokens ORDER BY waad DESC LIMIT 10\"",
            "  upbeat query runs/demo \"SELECT * FROM heads\" --format csv > heads.csv"
        })
final class QueryCommand implements Callable<Integer> {
    private static final long LEAST = 256_000_000;
    private static final long MOST_BY_DEFAULT = 2_000_000_000;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
    private Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = "SQL", description = "One SQL statement that only reads.")
    private String sql = "";

    @Option(names = "--format", paramLabel = "table|csv|jsonl", description = "Format of the result (default: table).")
    private QueryFormat format = QueryFormat.TABLE;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSize.Converter.class,
            description = "Memory limit of the query, such as 4GB; the disk limit is the same (default: a quarter of "
                    + "the machine's memory, at most 2GB).")
    private @Nullable ByteSize memory;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "25",
            description = "Time limit of the query in seconds (default: 25).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws IOException {
        if (timeoutSeconds < 1) {
            throw new BadInputException("--timeout " + timeoutSeconds + ": expected at least 1 second");
        }
        int threads = common.threads() == 0 ? Runtime.getRuntime().availableProcessors() : common.threads();
        QueryProcess.Request request = new QueryProcess.Request(directory, sql, format, threads, common.verbose());
        QueryProcess.Limits limits = new QueryProcess.Limits(memory(), timeoutSeconds);
        try (QueryProcess process = QueryProcess.start(request, limits);
                Interruption interruption = Interruption.cleaningUpBy(() -> interrupt(process))) {
            return process.passOn(common.out(), common.commandLine().getErr());
        }
    }

    private static void interrupt(QueryProcess process) {
        process.close();
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED); // for SIGINT and SIGTERM alike
    }

    private ByteSize memory() {
        ByteSize machine = new ByteSize(MachineMemory.bytes());
        if (memory == null) {
            return new ByteSize(Math.min(machine.bytes() / 4, MOST_BY_DEFAULT));
        }
        if (memory.bytes() < LEAST || memory.bytes() > machine.bytes()) {
            throw new BadInputException("--memory " + memory + ": expected " + new ByteSize(LEAST) + " to the "
                    + machine + " that this machine has");
        }
        return memory;
    }
}
