package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of a training, checked as far as possible without the model. */
public sealed interface TrainConfig permits GrpoConfig, SftConfig {
    /**
     * @param file YAML
     * @param overrides {@code key.path=value}, which take precedence over the file
     * @throws BadInputException if a key is unknown or missing, or a value is of the wrong type, out of
     *     range or contradicts another; the message names the file, the key, the given value and the expected one
     */
    static TrainConfig read(Path file, List<String> overrides) throws IOException {
        return read(file, overrides, "command line", Path.of(""));
    }

    /**
     * As {@link #read(Path, List)}, with overrides from elsewhere.
     *
     * @param source of the overrides, for messages
     * @param folder of the overrides' relative paths
     */
    static TrainConfig read(Path file, List<String> overrides, String source, Path folder) throws IOException {
        Section root = ConfigFile.read(file, "a training configuration", overrides, source, folder);
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

    /** The defaults that are the same in every configuration, by path such as {@code credit.share}. */
    Map<String, Object> usual();

    /** Those of {@link #usual} whose keys were added after runs had been recorded: they change nothing. */
    Map<String, Object> added();

    /** The sources of the keys, for messages of later checks that need the model. */
    Origin origin();

    /** A Hugging Face directory, a GGUF file or a hub id; null if the model is made from scratch. */
    @Nullable
    String model();

    /** A PEFT adapter's directory or hub id, which is merged into the model before training; null without one. */
    @Nullable
    String adapter();

    /** The model and its adapter in words; null if the model is made from scratch. */
    default @Nullable String modelName() {
        return adapter() == null ? model() : model() + " + " + adapter();
    }

    /** The task that is trained on or evaluated; null if there is none. */
    @Nullable
    TaskConfig task();

    /** The files of data by key, training rows first, those of benchmarks last; empty if there are none. */
    Map<String, Path> data();

    /**
     * The files of {@link #data}, each checked.
     *
     * @throws BadInputException if one does not exist or is not a regular file
     */
    default List<Path> dataFiles() {
        data().forEach((key, file) -> {
            if (!Files.exists(file)) {
                throw new BadInputException(
                        file + ": no such file" + origin().searchPath(key).looked(file)
                                + "; expected a file of rows for " + key + ", JSONL or Parquet");
            }
            InputFiles.check(file);
        });
        return List.copyOf(data().values());
    }

    /** {@code auto}, {@code f32} or {@code bf16}. */
    String dtype();

    OptimizerConfig optimizer();

    /** The low-rank update that is trained; null if all weights are. */
    @Nullable
    LoraConfig lora();

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
