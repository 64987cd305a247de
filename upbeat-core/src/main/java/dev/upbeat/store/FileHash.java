package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Digests;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;

/**
 * The identity of the files that a result comes from.
 *
 * @param name name that the user gave: a file, a directory or a hub id
 * @param sha256 64 hexadecimal digits
 */
public record FileHash(String name, String sha256) {
    /** Hashes one file, as {@code sha256sum FILE} does. */
    public static FileHash of(String name, Path file) throws IOException {
        return new FileHash(name, sha256(file));
    }

    /**
     * Hashes several files, such as the shards of a checkpoint, as
     * {@code sha256sum FILES | LC_ALL=C sort -k 2 | sha256sum} does in their directory. A single file has its own hash.
     */
    public static FileHash of(String name, List<Path> files) throws IOException {
        if (files.isEmpty()) {
            throw new BadInputException(name + ": no files to identify it by; expected at least one");
        }
        if (files.size() == 1) {
            return of(name, files.get(0));
        }
        StringBuilder listing = new StringBuilder();
        List<Path> sorted = files.stream()
                .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                .toList();
        for (Path file : sorted) {
            listing.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
        }
        return new FileHash(name, Digests.sha256(listing.toString()));
    }

    /** Hashes a text. */
    public static FileHash ofText(String name, String text) {
        return new FileHash(name, Digests.sha256(text));
    }

    private static String sha256(Path file) throws IOException {
        InputFiles.check(file);
        MessageDigest digest = Digests.sha256();
        Digests.addFile(digest, file);
        return Digests.hex(digest);
    }
}
