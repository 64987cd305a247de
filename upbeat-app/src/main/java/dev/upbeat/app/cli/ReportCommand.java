package dev.upbeat.app.cli;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.WriterLock;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.HeadGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat report}: writes report.html again from run directories. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "report",
        description = {
            "Writes the report.html of a run directory again.",
            "Shows several directories side by side: traces with the same id, linkages and heads."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat demo --steps 5 --out runs/demo",
            "  upbeat report runs/demo",
            "  upbeat demo --steps 10 --out runs/longer",
            "  upbeat report runs/demo runs/longer --out side-by-side.html"
        })
final class ReportCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "Run directories, at most " + ReportData.MOST_RUNS + ".")
    private List<Path> directories = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Page to write; an existing file is replaced only if it is a report (default: "
                    + "report.html in the first directory).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        if (directories.size() > ReportData.MOST_RUNS) {
            throw new BadInputException(directories.size() + " directories given; expected at most "
                    + ReportData.MOST_RUNS + ", the number of runs that a report can show. Leave some out");
        }
        List<RunDirectory> runs = new ArrayList<>();
        Set<Path> known = new HashSet<>();
        for (Path directory : directories) {
            RunDirectory run = RunDirectory.open(directory);
            if (!known.add(directory.toRealPath())) {
                throw new BadInputException(
                        directory + " is given twice; expected different runs. Name each directory once");
            }
            runs.add(run);
        }
        Path report = out == null ? directories.get(0).resolve("report.html") : out;
        requireWritable(report);
        try (WriterLock held = WriterLock.holdPlace(report.toAbsolutePath(), report)) {
            ReportWriter.write(
                    report,
                    runs.size() == 1 ? ReportBuilder.build(runs.get(0)).data() : ReportBuilder.sideBySide(runs));
        }
        warnOfOtherWeights(runs);
        common.out().println("report: " + report);
        return ExitCode.DONE;
    }

    /** Metrics of different maps cannot be compared. */
    private void warnOfOtherWeights(List<RunDirectory> runs) {
        Map<AttentionWeights, Path> first = new LinkedHashMap<>();
        for (RunDirectory run : runs) {
            HeadGroups heads = run.heads();
            if (heads != null) {
                first.putIfAbsent(heads.settings().weights(), run.path());
            }
        }
        if (first.size() > 1) {
            common.warn("the runs are measured with different weights ("
                    + first.entrySet().stream()
                            .map(each -> each.getValue() + ": " + each.getKey())
                            .collect(Collectors.joining(", "))
                    + "), so their heads, WAAD and FAI cannot be compared");
        }
    }

    private static void requireWritable(Path report) throws IOException {
        if (report.toString().isEmpty() || Files.isDirectory(report)) {
            throw new BadInputException(
                    "--out '" + report + "' is not a file name; expected a file name such as compare.html");
        }
        Path directory = report.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new BadInputException(
                    "--out " + report + ": there is no directory " + directory + "; create it, or choose another");
        }
        if (Files.isRegularFile(report) && !ReportWriter.isReport(report)) {
            throw new BadInputException(report + ": exists and is not a report; only reports are replaced. Choose "
                    + "another name with --out FILE, or move the file away");
        }
        AtomicFiles.requireWritable(report);
    }
}
