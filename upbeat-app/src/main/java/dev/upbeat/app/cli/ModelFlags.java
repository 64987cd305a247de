package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.Hub;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model and its dtype. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class ModelFlags {
    enum DtypeChoice {
        AUTO,
        F32,
        BF16
    }

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A Hugging Face directory, a .gguf file, or a hub id such as Qwen/Qwen3-0.6B[@revision].")
    private String model = "";

    @Option(
            names = "--dtype",
            paramLabel = "auto|f32|bf16",
            defaultValue = "auto",
            description =
                    "Data type of weights and matrix products. auto is f32, but bf16 if the CPU multiplies bf16 natively "
                            + "and the weights come from a training in bf16 or are stored neither as f32 nor as f16 "
                            + "(default: auto).")
    private DtypeChoice dtype = DtypeChoice.AUTO;

    ModelFlags() {}

    /** Makes the flags of one of several models. */
    ModelFlags(String model, DtypeChoice dtype) {
        this.model = model;
        this.dtype = dtype;
    }

    /** The model as given. */
    String given() {
        return model;
    }

    /** The name without organisation, revision and file ending. */
    String shortName() {
        return name().replaceFirst(".*/", "").replaceFirst("@.*", "").replaceFirst("\\.gguf$", "");
    }

    /** The name of the file or directory, or the hub id. */
    String name() {
        Path path = Path.of(model);
        return Files.exists(path)
                ? String.valueOf(path.toAbsolutePath().normalize().getFileName())
                : model;
    }

    /**
     * The default run directory: {@code runs/<model><kind>-<time>}, to the millisecond, because several runs may start in
     * one second.
     */
    Path defaultRun(String kind) {
        return timedRun(shortName() + kind);
    }

    /** {@code runs/<name>-<time>}. */
    static Path timedRun(String name) {
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS"));
        return Path.of("runs", name + "-" + time);
    }

    private void requireGiven() {
        if (model.isBlank()) {
            throw new BadInputException(
                    "MODEL is empty; expected a Hugging Face directory, a .gguf file or a hub id (ORG/NAME)");
        }
    }

    /** Opens the model's files without loading the weights. */
    Checkpoint open(CommonOptions common) throws IOException {
        requireGiven();
        common.startLibtorch();
        try (DownloadLine download = new DownloadLine(common::progress)) {
            return Checkpoint.open(Hub.locate(model, download));
        }
    }

    Dtype dtype(Checkpoint checkpoint) {
        Dtype chosen = chosen();
        return chosen == null ? checkpoint.automaticDtype() : chosen;
    }

    Upbeat load(CommonOptions common) throws IOException {
        requireGiven();
        common.startLibtorch();
        try (DownloadLine download = new DownloadLine(common::progress)) {
            return Upbeat.load(model, chosen(), download);
        }
    }

    private @Nullable Dtype chosen() {
        return switch (dtype) {
            case AUTO -> null;
            case F32 -> Dtype.F32;
            case BF16 -> Dtype.BF16;
        };
    }
}
