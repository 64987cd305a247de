package dev.upbeat.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Atomic file writes: a file is written under a temporary name in the same directory, forced to disk, and then renamed.
 */
public final class AtomicFiles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private AtomicFiles() {}

    /** Writes the content of a file to a stream. */
    @FunctionalInterface
    public interface Filler {
        void fill(OutputStream out) throws IOException;
    }

    /** Writes a file at a temporary path. */
    @FunctionalInterface
    public interface PathFiller {
        void fill(Path temporary) throws IOException;
    }

    /**
     * Writes a text as UTF-8.
     *
     * @throws IOException if the file cannot be written; its message names the file, and an existing file is unchanged
     */
    public static void writeString(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static void write(Path file, Filler filler) throws IOException {
        writePath(file, temporary -> {
            try (OutputStream out =
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                filler.fill(out);
            }
        });
    }

    /**
     * Writes a file by path instead of stream, for a database, another process or a file channel.
     *
     * @throws BadInputException if the file is a link, device, pipe or socket, which a rename would replace by a file
     */
    public static void writePath(Path file, PathFiller filler) throws IOException {
        Path absolute = file.toAbsolutePath();
        requireReplaceable(file);
        Path temporary = temporary(absolute);
        try {
            filler.fill(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw naming(file, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void requireReplaceable(Path file) throws IOException {
        BasicFileAttributes kind;
        try {
            kind = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            return; // there is no such file
        }
        if (kind.isSymbolicLink()) {
            throw new BadInputException(
                    file + ": is a symbolic link, which writing would replace; give the path of the file itself");
        }
        if (kind.isOther()) {
            throw new BadInputException(
                    file + ": is a device, pipe or socket, which writing would replace; expected the path of a file");
        }
    }

    /**
     * Checks before a long computation that its result can be written. The check creates a file, because on some file
     * systems permissions do not tell.
     *
     * @throws BadInputException if no file can be created there, or the file is a link, device, pipe or socket
     */
    public static void requireWritable(Path file) throws IOException {
        requireReplaceable(file);
        Path probe = temporary(file.toAbsolutePath());
        try {
            Files.createFile(probe);
        } catch (FileSystemException e) {
            throw new BadInputException(
                    file + ": cannot be written (no file can be created in " + probe.getParent()
                            + "); choose a directory that you may write to",
                    e);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static Path temporary(Path absolute) {
        return absolute.resolveSibling("." + absolute.getFileName() + "." + unique() + ".tmp");
    }

    /** An unpredictable part of a temporary name, so that no link can be placed under that name in advance. */
    public static String unique() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(RANDOM.nextLong());
    }

    /** Deletes a directory with its content. Links in it are not followed. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : (Iterable<Path>) entries.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(entry);
            }
        }
    }

    /** The exception with the file in its message; the message for a full disk, for example, does not name it. */
    public static IOException naming(Path file, IOException e) {
        String reason = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
        return new IOException("cannot write " + file + ": " + reason, e);
    }
}
