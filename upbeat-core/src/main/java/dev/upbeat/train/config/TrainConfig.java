package dev.upbeat.train.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of a training, checked as far as possible without the model. */
public sealed interface TrainConfig permits GrpoConfig, SftConfig {
    /**
     * @param file YAML
     * @param overrides {@code key.path=value}, which take precedence over the file
     * @throws dev.upbeat.io.BadInputException if a key is unknown or missing, or a value is of the wrong type, out of
     *     range or contradicts another; the message names the file, the key, the given value and the expected one
     */
    static TrainConfig read(Path file, List<String> overrides) throws IOException {
        return read(file, overrides, "command line");
    }

    /** As {@link #read(Path, List)}; messages about overrides name {@code source}. */
    static TrainConfig read(Path file, List<String> overrides, String source) throws IOException {
        Section root = ConfigFile.read(file, "a training configuration", overrides, source);
        TrainConfig config =
                switch (root.required("kind").choice("grpo", "sft")) {
                    case "sft" -> SftConfig.read(root);
                    default -> GrpoConfig.read(root);
                };
        root.end();
        return config;
    }

    /** Every key with its value, given or default, sections as maps: what {@code config.yaml} holds. */
    Map<String, Object> resolved();

    /** The sources of the keys, for messages of later checks that need the model. */
    Origin origin();

    /** A Hugging Face directory or a hub id; null if the model is made from scratch. */
    @Nullable
    String model();

    /** {@code auto}, {@code f32} or {@code bf16}. */
    String dtype();

    OptimizerConfig optimizer();

    CheckpointConfig checkpoint();

    EvalConfig eval();

    long seed();

    /** The run directory. */
    Path out();

    /** {@code runs/} and the configuration's name. */
    static String defaultOut(Origin origin) {
        return "runs/" + String.valueOf(origin.file().getFileName()).replaceFirst("\\.ya?ml$", "");
    }
}
