package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.KernelChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The model, its adapter and its dtype. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class ModelFlags {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A Hugging Face directory, a .gguf file, or a hub id such as Qwen/Qwen3-0.6B[@revision]; or a "
                            + "PEFT adapter, whose settings name its base.")
    private String model = "";

    @Mixin
    private WeightFlags weights = new WeightFlags();

    ModelFlags() {}

    /** Makes the flags of a model whose options have another form. */
    ModelFlags(String model, WeightFlags weights) {
        this.model = model;
        this.weights = weights;
    }

    /** Records the model and its adapter as they were given. */
    void record(Map<String, Object> config) {
        config.put("model", model);
        if (weights.adapter() != null) {
            config.put("adapter", weights.adapter());
        }
    }

    /** The name without organisation, revision and file ending; an adapter's follows after a hyphen. */
    String shortName() {
        String name = shortened(name(model));
        return weights.adapter() == null ? name : name + "-" + shortened(name(weights.adapter()));
    }

    private static String shortened(String name) {
        return name.replaceFirst(".*/", "").replaceFirst("@.*", "").replaceFirst("\\.gguf$", "");
    }

    /** The name of the file or directory, or the hub id; an adapter's is added. */
    String name() {
        return weights.adapter() == null ? name(model) : name(model) + " + " + name(weights.adapter());
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
        if (weights.adapter() != null && weights.adapter().isBlank()) {
            throw new BadInputException("--adapter is empty; expected the directory or hub id of a PEFT adapter");
        }
    }

    /** Opens the model's files without loading the weights. */
    Checkpoint open(CommonOptions common) throws IOException {
        requireGiven();
        common.startLibtorch();
        weights.kernels().choose(common);
        try (DownloadLine download = new DownloadLine(common::progress)) {
            ModelFiles files = ModelFiles.locate(model, weights.adapter(), download);
            return Checkpoint.open(files.model(), files.adapter());
        }
    }

    Dtype dtype(Checkpoint checkpoint) {
        KernelChoice.decide(checkpoint.config().shape());
        Dtype chosen = weights.dtype();
        return chosen == null ? checkpoint.automaticDtype() : chosen;
    }

    Upbeat load(CommonOptions common) throws IOException {
        requireGiven();
        common.startLibtorch();
        weights.kernels().choose(common);
        try (DownloadLine download = new DownloadLine(common::progress)) {
            return Upbeat.load(model, weights.adapter(), weights.dtype(), download);
        }
    }
}
