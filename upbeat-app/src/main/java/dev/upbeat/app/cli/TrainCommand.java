package dev.upbeat.app.cli;

import dev.upbeat.store.StagedDirectory;
import dev.upbeat.train.DryRun;
import dev.upbeat.train.Training;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat train}: supervised training or GRPO, from a configuration to a run directory. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "train",
        description = {
            "Trains a model, supervised or by GRPO with attention credit.",
            "The run directory has metrics.jsonl, traces, checkpoints and report.html."
        },
        footerHeading = "%nExample:%n",
        footer = "  upbeat train examples/countdown-coupled.yaml learn.steps=40 out=runs/short")
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            paramLabel = "CONFIG.yaml",
            description = "Training configuration " + "(docs/configuration.md).")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key.path=value",
            description = "Values that override the file's, such as learn.steps=100.")
    private List<String> overrides = List.of();

    @Option(
            names = "--resume",
            description = "Continue the run in the configured directory from its last checkpoint, or start it if there "
                    + "is no checkpoint.")
    private boolean resume;

    @Option(
            names = "--dry-run",
            description = "Check the configuration, the data and the model, print what would be done, and end: trains"
                    + " nothing, downloads nothing and writes nothing.")
    private boolean dryRun;

    @Option(
            names = "--serve",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = "" + LiveRun.PORT,
            preprocessor = LiveRun.PortOnly.class,
            description = "Show the run on a live page of this machine while it trains (default: port " + LiveRun.PORT
                    + "; 0: a free port).")
    private @Nullable Integer servePort;

    private static final String STOPPING =
            "stopping to save the run, at once while responses are generated, else after the running step; kill -9 ends"
                    + " it at once, and --resume then continues from the last checkpoint";

    @Mixin
    private KernelFlags kernels = new KernelFlags();

    @Option(names = "--with-parent", hidden = true, description = "Stop at once when standard input ends.")
    private boolean withParent;

    @Override
    public Integer call() throws IOException {
        if (withParent) {
            stopWithParent();
        }
        TrainConfig config = TrainConfig.read(file, overrides);
        try (TrainConsole console = new TrainConsole(common);
                DownloadLine download = new DownloadLine(common::progress)) {
            console.announce(config, resume);
            if (dryRun) {
                DryRun.of(config, resume, console).lines().forEach(common.out()::println);
                return ExitCode.DONE;
            }
            kernels.choose(common);
            Training.Options options = new Training.Options(resume, common.threads(), download);
            StagedDirectory place = Training.reserve(config, options);
            try (LiveRun live = serve(config, place)) {
                return train(config, open(config, options, console, place), console);
            }
        }
    }

    /** Opens the training. Until then a signal ends the process at once, because there is no step to finish. */
    private static Training open(
            TrainConfig config, Training.Options options, TrainConsole console, @Nullable StagedDirectory place)
            throws IOException {
        try (Interruption opening = Interruption.cleaningUpBy(() -> giveUp(place))) {
            return Training.open(config, options, console, place);
        }
    }

    /** The live page of the run, on its way before the model is loaded. */
    private @Nullable LiveRun serve(TrainConfig config, @Nullable StagedDirectory place) {
        if (servePort == null) {
            return null;
        }
        try (Interruption starting = Interruption.cleaningUpBy(() -> giveUp(place))) {
            LiveRun live = LiveRun.start(config.out(), servePort);
            common.out().println("live page: " + live.address());
            common.out().flush();
            return live;
        } catch (RuntimeException e) {
            giveUp(place);
            throw e;
        }
    }

    private static void giveUp(@Nullable StagedDirectory place) {
        try {
            if (place != null) {
                place.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int train(TrainConfig config, Training opened, TrainConsole console) throws IOException {
        try (GracefulStop stop = new GracefulStop(common.out(), () -> common.remark(STOPPING))) {
            Training.Result result;
            try (opened) {
                result = opened.run(stop::asked);
            }
            console.summarize(config, result);
            TrainReport.write(config).ifPresent(report -> common.out().println("report: " + report));
            return result.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    /**
     * Ends this process at the end of its standard input, which its parent holds. Checkpoints are complete at any time.
     */
    private static void stopWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // the same as the end of the input
                    }
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
