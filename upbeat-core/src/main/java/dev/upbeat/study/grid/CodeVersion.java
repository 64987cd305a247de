package dev.upbeat.study.grid;

import dev.upbeat.train.Training;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which code trains: a hash of the files that can change a training's numbers. Of the sources where the launcher tells where
 * they are, for compilers differ; else of the compiled classes. A commit would not do: committing a result makes a new one.
 */
final class CodeVersion {
    /** Of these a training's numbers do not depend. */
    private static final List<String> OTHERS = List.of("study/", "stats/");

    private CodeVersion() {}

    /** 64 hexadecimal digits. */
    static String here() throws IOException {
        String home = System.getenv("UPBEAT_HOME");
        Path sources = Path.of(home == null ? "" : home, "upbeat-core", "src", "main", "java", "dev", "upbeat");
        if (home != null && Files.isDirectory(sources)) {
            return of(sources, ".java");
        }
        Path place;
        try {
            place = Path.of(Training.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell where the classes are: " + e.getMessage(), e);
        }
        if (Files.isDirectory(place)) {
            return of(place.resolve("dev/upbeat"), ".class");
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return of(jar.getPath("dev/upbeat"), ".class");
        }
    }

    /** @param suffix of the names of the files that count */
    static String of(Path root, String suffix) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
        return HexFormat.of().formatHex(digest.digest());
    }
}
