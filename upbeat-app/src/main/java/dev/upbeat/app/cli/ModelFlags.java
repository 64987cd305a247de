package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
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
            description =
                    "A Hugging Face directory, a .gguf file, or a hub id such as Qwen/Qwen3-0.6B[@revision]; or a "
                            + "PEFT adapter, whose settings name its base.")
    private String model = "";

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT adapter (LoRA) over MODEL: a directory or a hub id. It is merged into the weights.")
    private @Nullable String adapter;

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

    /** Makes the flags of a model whose options have another form. */
    ModelFlags(String model, @Nullable String adapter, DtypeChoice dtype) {
        this.model = model;
        this.adapter = adapter;
        this.dtype = dtype;
    }

    /** Records the model and its adapter as they were given. */
    void record(Map<String, Object> config) {
        config.put("model", model);
        if (adapter != null) {
            config.put("adapter", adapter);
        }
    }

    /** The name without organisation, revision and file ending; an adapter's follows after a hyphen. */
    String shortName() {
        String name = shortened(name(model));
        return adapter == null ? name : name + "-" + shortened(name(adapter));
    }

    private static String shortened(String name) {
        return name.replaceFirst(".*/", "").replaceFirst("@.*", "").replaceFirst("\\.gguf$", "");
    }

    /** The name of the file or directory, or the hub id; an adapter's is added. */
    String name() {
        return adapter == null ? name(model) : name(model) + " + " + name(adapter);
    }

    private static String name(String given) {
        Path path = Path.of(given);
        return Files.exists(path)
                ? String.valueOf(path.toAbsolutePath().normalize().getFileName())
                : given;
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
        if (adapter != null && adapter.isBlank()) {
            throw new BadInputException("--adapter is empty; expected the directory or hub id of a PEFT adapter");
        }
    }

    /** Opens the model's files without loading the weights. */
    Checkpoint open(CommonOptions common) throws IOException {
        requireGiven();
        common.startLibtorch();
        try (DownloadLine download = new DownloadLine(common::progress)) {
            ModelFiles files = ModelFiles.locate(model, adapter, download);
            return Checkpoint.open(files.model(), files.adapter());
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
            return Upbeat.load(model, adapter, chosen(), download);
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
