package dev.upbeat.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** {@code upbeat study}: the paper's analyses, each a command. */
@Command(
        name = "study",
        description = "The paper's analyses, each with chance baseline, intervals and seeds.",
        synopsisSubcommandLabel = "STUDY",
        subcommands = {StudyGridCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  upbeat study grid examples/countdown-grid.yaml --dry-run")
final class StudyCommand implements Runnable {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public void run() {
        throw new ParameterException(common.commandLine(), "no study given");
    }
}
