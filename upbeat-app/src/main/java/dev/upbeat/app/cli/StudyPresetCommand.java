package dev.upbeat.app.cli;

import dev.upbeat.study.grid.GridPreset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code upbeat study layers|window|horizon|share|sign|heads}: the paper's ablations as grids. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(footerHeading = "%nExample:%n")
final class StudyPresetCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            paramLabel = "CONFIG.yaml",
            description = "Training configuration of kind grpo (docs/configuration.md).")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key.path=value",
            description = "Training keys that apply to all runs, such as learn.steps=40.")
    private List<String> overrides = List.of();

    @Mixin
    private GridFlags flags = new GridFlags();

    @Override
    public Integer call() throws IOException {
        String name = common.commandLine().getCommandName();
        GridPreset preset = GridPreset.valueOf(name.toUpperCase(Locale.ROOT));
        return flags.run(preset.of(file, overrides), common);
    }
}
