package dev.upbeat.app.cli;

import dev.upbeat.app.study.GridReport;
import dev.upbeat.app.study.TrainingProcess;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.WriterLock;
import dev.upbeat.study.grid.Grid;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridStudy;
import dev.upbeat.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a grid, and the run of the grid with them. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
final class GridFlags {
    @Mixin
    private KernelFlags kernels = new KernelFlags();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            split = ",",
            description = "Seeds to use instead of the configuration's.")
    private @Nullable List<Long> seeds;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory to use instead of the configuration's.")
    private @Nullable Path out;

    @Option(
            names = "--jobs",
            paramLabel = "J",
            defaultValue = "1",
            description = "Trainings to run at a time, each in a separate process (default: 1). Two trainings with one "
                    + "thread each are faster than one training with two threads.")
    private int jobs;

    @Option(names = "--dry-run", description = "Print the runs and the estimated time without running them.")
    private boolean dryRun;

    @Option(
            names = "--any-code",
            description = "Also reuse finished runs of other code versions; only if the code changes cannot "
                    + "affect a training.")
    private boolean anyCode;

    int run(GridConfig given, CommonOptions common) throws IOException {
        if (jobs < 1) {
            throw new BadInputException("--jobs " + jobs + ": expected at least 1 training at a time");
        }
        if (seeds != null && new HashSet<>(seeds).size() < seeds.size()) {
            throw new BadInputException(
                    "--seeds " + seeds.stream().map(String::valueOf).collect(Collectors.joining(","))
                            + ": expected different whole numbers, such as 0,1,2");
        }
        GridConfig config = given.with(seeds, out);
        Grid grid;
        try (DownloadLine download = new DownloadLine(common::progress)) {
            grid = new Grid(config, anyCode, download);
        }
        GridDryRun.deleteLeftovers(config.out());
        int threads = common.threads() == 0 ? Math.max(1, Libtorch.defaultThreads() / jobs) : common.threads();
        if (dryRun) {
            new GridDryRun(grid, common).print(jobs, threads);
            return ExitCode.DONE;
        }
        kernels.choose(common);
        grid.requireWritable();
        try (WriterLock held = lock(config.out());
                GracefulStop stop = new GracefulStop(common.out())) {
            common.announce(
                    "study grid: " + CommonOptions.counted(grid.cells().size(), "run") + "; into " + config.out());
            config.credits().forEach((method, credit) -> common.remark("method " + method + ": " + credit));
            boolean complete = train(grid, threads, stop, common);
            GridStudy study = grid.study(StudyFlags.commandLine(common));
            StudyReport report = GridReport.of(study);
            GridReport.write(study, report);
            report.findings().forEach(common.out()::println);
            common.out().println("report: " + config.out().resolve("report.html"));
            return stop.asked() ? ExitCode.INTERRUPTED : complete ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** Reserves the grid's directory, which is made if it does not exist. */
    private static WriterLock lock(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": is a file; expected the directory of a grid, or a new one");
        }
        Files.createDirectories(directory);
        return WriterLock.hold(
                directory, "another process is running the grid in it; wait until it ends, or choose another --out");
    }

    private boolean train(Grid grid, int threads, GracefulStop stop, CommonOptions common) throws IOException {
        try (GridConsole console = new GridConsole(grid, common)) {
            TrainingProcess trainer = new TrainingProcess(threads, Main.class.getName(), console::advance);
            return grid.run(jobs, trainer, console, stop::asked);
        }
    }
}
