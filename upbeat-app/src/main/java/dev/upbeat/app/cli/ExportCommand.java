package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelWriter;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.StagedDirectory;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat export}: writes a model as a Hugging Face directory. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "export",
        description = {
            "Writes a checkpoint as a Hugging Face directory, without the trainer's state.",
            "With --merge, a LoRA adapter merged into its base: W + scale B A."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat export runs/countdown-coupled --out model",
            "  upbeat export runs/countdown-lora/checkpoint-100 --merge --out model"
        })
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A run directory of a training, of which the last checkpoint is taken; a checkpoint; or any other "
                            + "model or PEFT adapter.")
    private String model = "";

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory to write, new or empty.")
    private Path out = Path.of("");

    @Option(names = "--merge", description = "Merges the adapter that MODEL is into its base.")
    private boolean merge;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "Base of the adapter (default: the one that its settings name).")
    private @Nullable String base;

    @Option(
            names = "--dtype",
            paramLabel = "auto|f32|bf16",
            defaultValue = "f32",
            description =
                    "Data type of the written weights. auto: that of the model, or of the adapter's base; it may round "
                            + "most of a small update away (default: f32).")
    private WeightFlags.DtypeChoice dtype = WeightFlags.DtypeChoice.F32;

    @Override
    public Integer call() throws IOException {
        common.startLibtorch();
        String from = checkpoint();
        ModelFiles files = locate(from);
        if (files.adapter() != null && !merge) {
            throw new BadInputException(
                    from + " is a PEFT adapter; expected a whole model. Give --merge to write the merged"
                            + " model, or use the adapter as it is: peft and all commands read it.");
        }
        if (files.adapter() == null && merge) {
            throw new BadInputException(
                    from + " is no PEFT adapter, but --merge is given; expected an adapter. Leave --merge out.");
        }
        try (Checkpoint checkpoint = Checkpoint.open(files.model(), files.adapter());
                StagedDirectory staged = new StagedDirectory(out, null)) {
            common.status("writing " + out);
            ModelWriter.write(staged.path(), checkpoint, dtype());
            staged.moveIntoPlace();
            common.wipeStatus();
            common.out()
                    .printf(
                            Locale.ROOT,
                            "%s: %s, %,d weights%n",
                            out,
                            merge
                                    ? files.adapter() + " merged into " + files.model()
                                    : files.model().toString(),
                            WeightShapes.count(checkpoint.config()));
        }
        return ExitCode.DONE;
    }

    /** The last checkpoint if a run was given, else MODEL itself. */
    private String checkpoint() throws IOException {
        Path run = Path.of(model);
        if (!TrainingRun.isBegun(run)) {
            return model;
        }
        long step = TrainingRun.latestCheckpoint(run)
                .orElseThrow(() -> new BadInputException(
                        run + ": has no checkpoint; expected the run of a training that has saved one"));
        return run.resolve("checkpoint-" + step).toString();
    }

    private ModelFiles locate(String from) throws IOException {
        try (DownloadLine download = new DownloadLine(common::progress)) {
            return base == null ? ModelFiles.locate(from, null, download) : ModelFiles.locate(base, from, download);
        }
    }

    private @Nullable Dtype dtype() {
        return switch (dtype) {
            case AUTO -> null;
            case F32 -> Dtype.F32;
            case BF16 -> Dtype.BF16;
        };
    }
}
