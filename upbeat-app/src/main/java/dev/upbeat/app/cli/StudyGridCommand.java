package dev.upbeat.app.cli;

import dev.upbeat.study.grid.GridConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat study grid}: methods x seeds x tasks as trainings, each run once. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "grid",
        description = {
            "Trains every method with every seed on every task, and compares them in pairs.",
            "Writes study.md, study.json and rows.jsonl. The same command resumes an interrupted grid; a finished training"
                    + " runs again only if its configuration, weights or code changed."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  upbeat study grid examples/countdown-grid.yaml --dry-run",
            "  upbeat study grid examples/countdown-grid.yaml --jobs 2",
            "  upbeat study grid examples/paper/methods.yaml --base examples/paper/miniature.yaml"
        })
final class StudyGridCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "CONFIG.yaml", description = "Grid configuration (docs/grid.md).")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key.path=value",
            description = "Training keys that apply to all runs, such as learn.steps=40.")
    private List<String> overrides = List.of();

    @Option(
            names = "--base",
            paramLabel = "FILE",
            description = "Training configuration that all runs start from, instead of the grid's own.")
    private @Nullable Path base;

    @Option(
            names = "--paper",
            paramLabel = "TABLE",
            description =
                    "Table of the paper whose numbers are shown, instead of the grid's own; an unknown name lists all.")
    private @Nullable String paper;

    @Mixin
    private GridFlags flags = new GridFlags();

    @Override
    public Integer call() throws IOException {
        return flags.run(GridConfig.read(file, overrides, base, paper), common);
    }
}
