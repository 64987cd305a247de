package dev.upbeat.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Hugging Face cache: where models with a hub id are looked for and put. */
final class ModelCache {
    private static final String NAME = "model cache";

    private ModelCache() {}

    static Finding finding(Map<String, String> env) {
        Path cache = directory(env);
        if (!Files.isDirectory(cache)) {
            return Finding.ok(NAME, cache + " (made at the first download)");
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
                    NAME, cache + " cannot be read: " + e, "give a file, or set HF_HOME to a directory of your own");
        }
    }

    /** As huggingface_hub looks for it: HF_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub, ~/.cache/... */
    static Path directory(Map<String, String> env) {
        String hub = set(env, "HF_HUB_CACHE");
        if (hub != null) {
            return Path.of(hub);
        }
        String home = set(env, "HF_HOME");
        if (home != null) {
            return Path.of(home, "hub");
        }
        String caches = set(env, "XDG_CACHE_HOME");
        Path base = caches != null ? Path.of(caches) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("huggingface").resolve("hub");
    }

    private static @Nullable String set(Map<String, String> env, String name) {
        String value = env.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Snapshots are links to blobs, and are not counted twice. */
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
