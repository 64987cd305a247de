package dev.upbeat.app.doctor;

import dev.upbeat.hub.Hub;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finding on the Hugging Face cache, which holds the models given by hub id. */
final class ModelCache {
    private static final String NAME = "model cache";

    private ModelCache() {}

    static Finding finding(Map<String, String> env) {
        Path cache;
        try {
            cache = Hub.cache(env);
        } catch (IOException | BadInputException e) {
            return Finding.note(
                    NAME, "the model hub's settings are invalid: " + e.getMessage(), "correct them, or unset them");
        }
        if (!Files.isDirectory(cache)) {
            return Finding.ok(NAME, cache + " (created by the first download)");
        }
        try (Stream<Path> entries = Files.list(cache)) {
            List<Path> models = entries.filter(p -> p.getFileName().toString().startsWith("models--"))
                    .sorted()
                    .toList();
            StringBuilder value = new StringBuilder(cache + ", " + models.size() + " models");
            for (Path model : models) {
                String id = model.getFileName()
                        .toString()
                        .substring("models--".length())
                        .replace("--", "/");
                value.append('\n').append(id).append("  ").append(Sizes.of(bytes(model)));
            }
            return Finding.ok(NAME, value.toString());
        } catch (IOException | java.io.UncheckedIOException e) {
            return Finding.note(
                    NAME, cache + " cannot be read: " + e, "set HF_HOME to a directory that you can read and write");
        }
    }

    /** Size of a model's blobs. Snapshots are links to them and are not counted. */
    private static long bytes(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    sum += Files.size(file);
                }
            }
            return sum;
        }
    }
}
