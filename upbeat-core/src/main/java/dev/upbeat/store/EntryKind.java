package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Rejects links, pipes and other entries in the place of a file or directory that Upbeat writes. */
public final class EntryKind {
    private EntryKind() {}

    /**
     * Rejects a path at which there is something other than a regular file; a free one passes.
     *
     * @throws BadInputException naming the entry
     */
    public static void requireFile(Path file) throws IOException {
        require(file, false);
    }

    /**
     * Rejects a path at which there is something other than a directory; a free one passes.
     *
     * @throws BadInputException naming the entry
     */
    public static void requireDirectory(Path directory) throws IOException {
        require(directory, true);
    }

    private static void require(Path entry, boolean directory) throws IOException {
        BasicFileAttributes kind;
        try {
            kind = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (directory ? !kind.isDirectory() : !kind.isRegularFile()) {
            throw wrong(entry, kind, directory);
        }
    }

    static BadInputException wrong(Path entry, BasicFileAttributes kind, boolean directory) {
        String given = kind.isSymbolicLink()
                ? "symbolic link"
                : kind.isDirectory() ? "directory" : kind.isRegularFile() ? "file" : "pipe, socket or device";
        String expected = directory ? "directory" : "file";
        return new BadInputException(String.format(
                Locale.ROOT,
                "%s: is a %s; expected a %s that Upbeat wrote. It is neither followed nor replaced: put the %s itself"
                        + " there, or move it away",
                entry,
                given,
                expected,
                expected));
    }
}
