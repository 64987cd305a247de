package dev.upbeat.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** {@code upbeat study ...}: the paper's studies. */
@Command(
        name = "study",
        description =
                "The paper's studies on any model and any prompts: tables with chance and intervals, figures, and the"
                        + " runs behind them.",
        synopsisSubcommandLabel = "STUDY",
        subcommands = {StudyLinkageCommand.class, StudyGridCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  upbeat study linkage model.gguf --prompts questions.jsonl --limit 70")
final class StudyCommand implements Runnable {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public void run() {
        throw new ParameterException(common.commandLine(), "no study given: linkage, grid");
    }
}
