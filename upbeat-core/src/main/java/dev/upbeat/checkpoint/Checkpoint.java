package dev.upbeat.checkpoint;

import dev.upbeat.checkpoint.peft.AdaptedWeights;
import dev.upbeat.checkpoint.peft.LoraAdapter;
import dev.upbeat.gguf.GgufFile;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Digests;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.JsonFields;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.CompanionFiles;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.StopTokens;
import dev.upbeat.trace.StopToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model on disk: a Hugging Face directory (config.json, safetensors) or a GGUF file. Opening one memory-maps the
 * weights and checks everything that can be checked without reading them.
 */
public final class Checkpoint implements AutoCloseable {
    /** Models that a message names at most. */
    private static final int NAMED_MODELS = 3;

    /** State of the training that wrote the checkpoint, if one did. */
    private static final String TRAINING_STATE = "trainer/state.json";

    private final Path path;
    private final ModelConfig config;
    private final WeightSource weights;
    private final List<Path> files;
    private final @Nullable GgufMetadata gguf;

    private final TextFiles text;

    private Checkpoint(
            Path path,
            ModelConfig config,
            WeightSource weights,
            List<Path> files,
            @Nullable GgufMetadata gguf,
            @Nullable Path adapter) {
        this.path = path;
        this.config = config;
        this.weights = weights;
        this.files = files;
        this.gguf = gguf;
        this.text = TextFiles.of(path, gguf, adapter);
    }

    /**
     * Opens a checkpoint and checks it.
     *
     * @param path a directory with config.json and safetensors (one file or shards), a GGUF file, or any part of a split GGUF
     *     file
     * @throws BadInputException if the checkpoint is missing, damaged or unsupported, or its tensors do not fit its
     *     configuration
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new BadInputException(
                    path + " does not exist: expected a Hugging Face directory, a GGUF file or a hub id (ORG/NAME).");
        }
        Checkpoint opened = Files.isDirectory(path) ? openDirectory(path) : openGguf(path);
        try {
            WeightCheck.require(opened.weights, opened.config, path);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Opens a model with a PEFT adapter, which is merged into the weights as they are read. If the adapter's directory has a
     * tokenizer, it is used in place of the model's.
     *
     * @param adapter directory with adapter_config.json and adapter_model.safetensors; null for the model alone
     * @throws BadInputException as {@link #open(Path)}, or if the adapter is unsupported, damaged or does not fit the model
     */
    public static Checkpoint open(Path path, @Nullable Path adapter) {
        Checkpoint base = open(path);
        if (adapter == null) {
            return base;
        }
        try {
            return base.with(LoraAdapter.open(adapter, base.config), adapter);
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    private Checkpoint with(LoraAdapter lora, Path directory) {
        AdaptedWeights adapted = new AdaptedWeights(weights, config, lora);
        List<Path> all = Stream.concat(files.stream(), lora.files().stream()).toList();
        return new Checkpoint(path, adapted.isUntied() ? config.untied() : config, adapted, all, gguf, directory);
    }

    private static Checkpoint openDirectory(Path directory) {
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new BadInputException(directory + " has no config.json: expected a Hugging Face directory, with "
                    + "config.json and safetensors. Give that, or a GGUF file" + modelsIn(directory) + ".");
        }
        ModelConfig config = HfConfig.read(directory);
        Safetensors stored = Safetensors.open(directory);
        try {
            HfWeights weights = HfWeights.of(directory, config, stored);
            return new Checkpoint(directory, weights.config(), weights, sorted(stored.files()), null, null);
        } catch (RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    /** The models that a folder holds, such as a download with one GGUF file or a run with checkpoints, in words. */
    private static String modelsIn(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<String> models = entries.filter(Checkpoint::looksLikeModel)
                    .map(Path::toString)
                    .sorted()
                    .limit(NAMED_MODELS)
                    .toList();
            return models.isEmpty() ? "" : ", for example " + String.join(" or ", models);
        } catch (IOException e) {
            return ""; // the message stands without the examples
        }
    }

    private static List<Path> sorted(List<Path> files) {
        return files.stream().sorted().toList();
    }

    private static boolean looksLikeModel(Path path) {
        return path.toString().endsWith(".gguf") || Files.exists(path.resolve("config.json"));
    }

    private static Checkpoint openGguf(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            ModelConfig config = GgufConfig.of(file);
            return new Checkpoint(
                    path,
                    config,
                    new GgufWeights(file, config),
                    sorted(file.files()),
                    file.header().metadata(),
                    null);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The directory or GGUF file. */
    public Path path() {
        return path;
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * Dtype of matrix products: bf16 if the weights have no higher precision and the CPU has bf16 instructions, else
     * f32. For the checkpoint of a training with bf16 products the precision of the weights does not count, because it is
     * that of the f32 master weights.
     *
     * @throws BadInputException if the checkpoint of a training has a damaged {@code trainer/state.json}
     */
    public Dtype automaticDtype() {
        boolean finer = "float32".equals(config.storedDtype()) || "float16".equals(config.storedDtype());
        return (!finer || trainedInBf16()) ? Kernels.current().products() : Dtype.F32;
    }

    private boolean trainedInBf16() {
        Path state = path.resolve(TRAINING_STATE);
        return gguf == null
                && Files.exists(state)
                && JsonFields.read(state).string("dtype", "").equals(Dtype.BF16.name());
    }

    /** The weights, closed with the checkpoint. */
    public WeightSource weights() {
        return weights;
    }

    /**
     * Opens the tokenizer, which the caller closes; null for a directory without tokenizer.json, or a GGUF file without a
     * tokenizer.
     *
     * @throws BadInputException if its kind is not supported
     */
    public @Nullable HfTokenizer tokenizer() {
        return text.tokenizer();
    }

    /**
     * The tokens that end a response: those of the model's settings ({@link ModelConfig#eosTokenIds}), then the tokenizer's
     * end of text. In many models the two differ, and the chat template ends answers with the latter.
     *
     * @param tokenizer of this checkpoint; null if it has no supported one
     */
    public List<StopToken> stopTokens(@Nullable HfTokenizer tokenizer) {
        StopTokens stops = gguf == null ? HfConfig.stops(path) : GgufStops.of(gguf);
        return stops.tokens(tokenizer, config.vocabulary());
    }

    /**
     * The chat template of the tokenizer; null if there is none.
     *
     * @throws BadInputException if it is malformed or unsupported
     */
    public @Nullable ChatTemplate chatTemplate() {
        return text.chatTemplate();
    }

    /**
     * Contents of the files other than the weights, by name: config.json, the tokenizer's files, the chat template and
     * generation_config.json, if they exist. They are held in memory because the original may be deleted. For a GGUF
     * file, its tokenizer and chat template are converted to these files, without config.json.
     */
    public Map<String, byte[]> companions() throws IOException {
        Map<String, byte[]> companions = gguf == null ? CompanionFiles.ofModel(path) : CompanionFiles.ofGguf(gguf);
        text.replace(companions);
        byte[] json = companions.get(CompanionFiles.CONFIG);
        if (json != null && weights instanceof AdaptedWeights adapted && adapted.isUntied()) {
            companions.put(CompanionFiles.CONFIG, HfConfigWriter.untied(json));
        }
        return companions;
    }

    /**
     * SHA-256 of the weights file in hex; shards are concatenated in the order of their names
     * ({@code cat model-*.safetensors | sha256sum}). An adapter's weights and settings follow those of its base ({@code cat
     * BASE/model.safetensors DIR/adapter_model.safetensors DIR/adapter_config.json | sha256sum}). Reads all of them.
     */
    public String sha256() {
        MessageDigest digest = Digests.sha256();
        for (Path file : files) {
            try {
                Digests.addFile(digest, file);
            } catch (IOException e) {
                throw InputFiles.unreadable(file, e);
            }
        }
        return Digests.hex(digest);
    }

    @Override
    public void close() {
        weights.close();
    }
}
