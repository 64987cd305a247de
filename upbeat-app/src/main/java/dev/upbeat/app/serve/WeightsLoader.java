package dev.upbeat.app.serve;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Loads weights beside the current ones and then replaces these. */
final class WeightsLoader {
    /** The file that marks a PEFT adapter, which applies to the model that the service was started with. */
    private static final String ADAPTER = "adapter_config.json";

    private static final List<String> WEIGHT_FILES = List.of("model.safetensors", "model.safetensors.index.json");

    /** Directories below the root, and checkpoints among them, that are named. */
    private static final int MOST_DEPTH = 4;

    private static final int MOST_NAMES = 500;

    private final ModelHost host;
    private final ServedRoot root;
    private final ReentrantLock loading = new ReentrantLock();

    WeightsLoader(ModelHost host, ServedRoot root) {
        this.host = host;
        this.root = root;
    }

    boolean isLoading() {
        return loading.isLocked();
    }

    /**
     * Loads a checkpoint of the served model's shape and replaces the current weights by it.
     *
     * @param path that a client gave
     * @return the version of the new weights
     * @throws BadInputException if the directory is no such checkpoint; the current weights stay
     * @throws Refusal 403 if the path is outside the root, 429 if other weights are being loaded
     */
    long load(String path) throws IOException {
        if (!loading.tryLock()) {
            throw Refusal.busy("other weights are being loaded");
        }
        try {
            return host.replace(open(path, host.version() + 1));
        } finally {
            loading.unlock();
        }
    }

    /** The directories that look like checkpoints, relative to the root. */
    List<String> names() throws IOException {
        return root.directories(MOST_DEPTH, MOST_NAMES, WeightsLoader::isCheckpoint);
    }

    private static boolean isCheckpoint(Path directory) {
        return Files.isRegularFile(directory.resolve(ADAPTER), LinkOption.NOFOLLOW_LINKS)
                || (Files.isRegularFile(directory.resolve("config.json"), LinkOption.NOFOLLOW_LINKS)
                        && WEIGHT_FILES.stream()
                                .anyMatch(name ->
                                        Files.isRegularFile(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * Opens a checkpoint of the served model's shape, held by the caller.
     *
     * @param path that a client gave
     * @throws BadInputException if the directory is no such checkpoint
     * @throws Refusal 403 if the path is outside the root
     */
    ServedModel open(String path, long version) throws IOException {
        Path directory = root.resolve(path);
        if (!Files.isDirectory(directory)) {
            throw new BadInputException("the path is not a directory; expected one in Hugging Face form");
        }
        WeightsCopy copy = WeightsCopy.of(directory, root);
        try {
            Loaded loaded = read(copy.directory());
            return new ServedModel(version, loaded.decoder, loaded.checkpoint::sha256, () -> {
                loaded.decoder.close();
                loaded.checkpoint.close();
                copy.close();
            });
        } catch (BadInputException e) {
            copy.close();
            throw new BadInputException(
                    String.valueOf(e.getMessage()).replace(copy.directory().toString(), "the directory"), e);
        } catch (RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    private record Loaded(Checkpoint checkpoint, Decoder decoder) {}

    private Loaded read(Path directory) {
        boolean adapter = Files.exists(directory.resolve(ADAPTER));
        Checkpoint checkpoint = adapter ? Checkpoint.open(host.base(), directory) : Checkpoint.open(directory);
        try {
            ServedModel current = host.hold();
            try {
                requireSameShape(checkpoint.config(), current.config());
                return new Loaded(
                        checkpoint,
                        Decoder.load(
                                checkpoint.config(),
                                checkpoint.weights(),
                                current.decoder().dtype()));
            } finally {
                current.release();
            }
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static void requireSameShape(ModelConfig given, ModelConfig served) {
        if (!given.architecture().equals(served.architecture()) || !shape(given).equals(shape(served))) {
            throw new BadInputException("the directory has another shape than the served model: given "
                    + given.architecture() + " " + shape(given) + ", expected " + served.architecture() + " "
                    + shape(served) + " (layers, hidden, query heads, key/value heads, head size, MLP, vocabulary)");
        }
    }

    private static List<Integer> shape(ModelConfig config) {
        return List.of(
                config.layers(),
                config.hidden(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.mlp(),
                config.vocabulary());
    }
}
