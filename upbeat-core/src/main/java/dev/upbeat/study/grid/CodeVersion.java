package dev.upbeat.study.grid;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Digests;
import dev.upbeat.jinja.JinjaTemplate;
import dev.upbeat.task.Task;
import dev.upbeat.train.Training;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Version of the code that trains: a hash of the files that can change a training's numbers. It hashes the sources if the
 * launcher names their directory, because compilers differ, and else the compiled classes. A commit's hash would not serve:
 * committing a result makes a new commit.
 */
final class CodeVersion {
    /** Packages that cannot change a training's numbers. */
    private static final List<String> OTHERS = List.of("study/", "stats/");

    /** Modules that can, each with one of its classes. */
    private static final Map<String, Class<?>> MODULES = new TreeMap<>(Map.of(
            "upbeat-base", BadInputException.class,
            "upbeat-jinja", JinjaTemplate.class,
            "upbeat-tasks", Task.class,
            "upbeat-core", Training.class));

    private CodeVersion() {}

    /** Returns 64 hexadecimal digits. */
    static String here() throws IOException {
        String home = System.getenv("UPBEAT_HOME");
        MessageDigest digest = Digests.sha256();
        for (Map.Entry<String, Class<?>> module : MODULES.entrySet()) {
            Path sources = Path.of(home == null ? "" : home, module.getKey(), "src", "main", "java", "dev", "upbeat");
            if (home != null && Files.isDirectory(sources)) {
                add(digest, sources, ".java");
            } else {
                addClasses(digest, module.getValue());
            }
        }
        return Digests.hex(digest);
    }

    /** Adds the compiled classes of the module that contains the given class. */
    private static void addClasses(MessageDigest digest, Class<?> of) throws IOException {
        Path place;
        try {
            place = Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("cannot find the class files: " + e.getMessage(), e);
        }
        if (Files.isDirectory(place)) {
            add(digest, place.resolve("dev/upbeat"), ".class");
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            add(digest, jar.getPath("dev/upbeat"), ".class");
        }
    }

    /** @param suffix of the names of the files to hash */
    static String of(Path root, String suffix) throws IOException {
        MessageDigest digest = Digests.sha256();
        add(digest, root, suffix);
        return Digests.hex(digest);
    }

    private static void add(MessageDigest digest, Path root, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names = files.map(
                            file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(suffix))
                    .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
                    .sorted()
                    .toList();
            for (String name : names) {
                digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(root.resolve(name)));
            }
        }
    }
}
