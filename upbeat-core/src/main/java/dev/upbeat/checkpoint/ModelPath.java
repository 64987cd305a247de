package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A model as users name it: a file or directory, else a hub id. */
public final class ModelPath {
    private ModelPath() {}

    /** As {@link #resolve(String, Map, DownloadProgress)}, in this process's environment. */
    public static Path resolve(String model, DownloadProgress progress) throws IOException {
        return resolve(model, System.getenv(), progress);
    }

    /**
     * Where the model's files are, downloaded where only the hub has them. What exists here wins over a hub id of the same
     * spelling. Something of an existing directory that is not there is a path with a slip, unless it names a revision: {@code
     * models/qwen} is not asked of the hub where there is a directory {@code models}; {@code models/qwen@main} is.
     *
     * @throws BadInputException where there is no such model
     * @throws IOException where a download fails
     */
    public static Path resolve(String model, Map<String, String> env, DownloadProgress progress) throws IOException {
        Path path = Path.of(model);
        if (Files.exists(path) || !Hub.looksLikeId(model)) {
            return path; // a checkpoint that is not there is told of where it is opened
        }
        Path parent = path.getParent();
        if (parent != null && Files.isDirectory(parent) && model.indexOf('@') < 0) {
            throw new BadInputException(model + " does not exist, but the directory " + parent + " does: check the"
                    + " spelling of the path. If the hub's model of that name is meant, write " + model + "@main");
        }
        return Hub.resolve(model, env, progress);
    }
}
