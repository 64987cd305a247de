package dev.upbeat.app.cli;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code upbeat report}: writes report.html again from what the run directory holds. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "report",
        description = "Writes report.html of a run directory again.",
        footerHeading = "%nExample:%n",
        footer = "  upbeat report runs/demo")
final class ReportCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "DIR", description = "A run directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws IOException {
        RunDirectory run = RunDirectory.open(directory);
        Path report = directory.resolve("report.html");
        if (!Files.isWritable(directory)) {
            throw new BadInputException(
                    directory + ": not writable, and the report goes into it; give yourself write permission");
        }
        ReportWriter.write(report, ReportBuilder.build(run).data());
        common.out().println("report: " + report);
        return ExitCode.DONE;
    }
}
