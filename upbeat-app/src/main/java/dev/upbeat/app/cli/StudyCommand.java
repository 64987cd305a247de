package dev.upbeat.app.cli;

import dev.upbeat.study.grid.GridPreset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code upbeat study ...}: the paper's studies. */
@Command(
        name = "study",
        description = {
            "Runs the paper's studies on any model and any prompts.",
            "Each study writes tables with chance levels and confidence intervals, figures, and its run directories."
        },
        synopsisSubcommandLabel = "STUDY",
        subcommands = {
            StudyLinkageCommand.class,
            StudyPerturbationCommand.class,
            StudyGridCommand.class,
            StudyChoicesCommand.class
        },
        footerHeading = "%nExample:%n",
        footer = "  upbeat study linkage model.gguf --prompts questions.jsonl --limit 70")
final class StudyCommand implements Runnable {
    private static final String REST =
            "Compared with plain GRPO and random credit; seeds 0, 1 and 2 unless --seeds is given.";

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** Adds the ablations: one command under six names. */
    static void addPresets(CommandLine study) {
        for (GridPreset preset : GridPreset.values()) {
            CommandLine command = new CommandLine(new StudyPresetCommand());
            command.getCommandSpec()
                    .usageMessage()
                    .description("Trains and compares " + preset.description().replace("%", "%%") + ".", REST)
                    .footer("  upbeat study " + preset + " examples/countdown-coupled.yaml learn.steps=120 --dry-run");
            study.addSubcommand(preset.toString(), command);
        }
    }

    @Override
    public void run() {
        throw common.noCommand("study");
    }
}
